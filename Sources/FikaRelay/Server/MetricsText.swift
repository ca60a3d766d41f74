/// The figures in the text form that Prometheus reads.
enum MetricsText {
    static func text(_ figures: RelayFigures.Snapshot) -> String {
        var text = ""
        add(
            "connections", "gauge", "Connections that are open.", [("", figures.connections)], &text
        )
        let counters: [(String, String, Int)] = [
            ("connections_total", "Connections taken.", figures.connectionsOpened),
            ("sessions_total", "Handshakes done.", figures.sessionsAdmitted),
            ("ops_accepted_total", "Ops given a position.", figures.opsAccepted),
            ("deliveries_total", "Live forwardings, one a connection.", figures.deliveries),
            ("falls_behind_total", "Connections without credit for live ops.", figures.fallsBehind),
            ("received_bytes_total", "Bytes of frames received.", figures.bytesReceived),
            ("sent_bytes_total", "Bytes handed to connections.", figures.bytesSent),
            ("commits_total", "Turns that gave positions, one commit each.", figures.commits),
            ("turns_total", "Turns of the core.", figures.turns),
            ("turns_failed_total", "Turns that failed and closed all.", figures.turnsFailed),
        ]
        for (name, help, value) in counters { add(name, "counter", help, [("", value)], &text) }
        add(
            "ops_refused_total", "counter", "Refusals, by the reason of the close.",
            figures.opsRefused.sorted { $0.key < $1.key }.map {
                ("{reason=\"\($0.key)\"}", $0.value)
            }, &text)
        add(
            "failures_total", "counter", "Connections ended by a failure, by its code.",
            figures.failures.sorted { $0.key < $1.key }.map {
                ("{code=\"\($0.key)\"}", $0.value)
            }, &text)
        return text
    }

    private static func add(
        _ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int)],
        _ text: inout String
    ) {
        text += "# HELP fika_relay_\(name) \(help)\n# TYPE fika_relay_\(name) \(type)\n"
        for (labels, value) in values { text += "fika_relay_\(name)\(labels) \(value)\n" }
    }
}
