/// A store that holds the corpus: opened, room list, newest page, search.
enum OpenBenchmark {
    static func run(_ report: inout Report) throws {}

    static func runOpen(_ arguments: [String]) throws {}
}
