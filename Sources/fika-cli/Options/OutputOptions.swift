import ArgumentParser

/// How the answer is written.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Answer in JSON, one object")
    var isJSON = false
}
