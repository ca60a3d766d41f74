/// How many of what there are in the views of a log.
package struct LogCounts: Hashable, Sendable {
    package var rows = 0
    package var messages = 0
    package var imported = 0
    package var polls = 0
    package var deleted = 0
    package var reactions = 0
    package var pins = 0
    package var aliases = 0
    package var outcomes: [Outcome: Int] = [:]
}
