import ArgumentParser
import FikaSimulation
import Foundation
import Glibc

/// Disturbs the real programs in every way that a machine can, and looks at what is left.
@main
struct CrashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crash")

    @Option(help: "The folder of the programs fika and fikad.")
    var programs: String
    @Option(help: "The shim, built from Shim/faults.c.")
    var shim: String
    @Flag(help: "Every case instead of a stride.")
    var full = false
    @Option(help: "Decides everything that is left to chance.")
    var seed: UInt64 = UInt64(getpid())
    @Option(help: "Only these parts: client, relay, kills, places, damage, repair, disk.")
    var only: [String] = []
    @Option(help: "Only cases whose name begins so.")
    var cases: String?
    @Option(help: "One in so many cases.")
    var stride: Int?
    @Option(help: "The first case of each part, and then every so many; drawn without it.")
    var from: Int?
    @Option(help: "After so many no new cases begin; the last line says how many were played.")
    var minutes: Int?
    @Option(help: "How often a relay and the clients are killed.")
    var kills = 150

    func run() throws {
        Scratch.unmountLeftovers()
        let scratch = try Scratch(programs: programs, shim: shim)
        signal(SIGPIPE, SIG_IGN)
        let report = Report(
            Chance(seed: seed), from: from ?? (full ? 0 : nil), minutes: minutes)
        Report.say("seed \(seed)")
        defer {
            Children.endAll()
            if report.findings.isEmpty { scratch.remove() }
        }
        play("client", report) {
            let sweep = try ClientSweep(in: scratch, report: report)
            sweep.checkItself()
            sweep.run(stride: full ? 1 : stride ?? 71, only: cases)
        }
        play("relay", report) {
            let sweep = try RelaySweep(in: scratch, report: report)
            sweep.run(stride: full ? 1 : stride ?? 43, only: cases)
        }
        play("kills", report) {
            try KillRun(in: scratch, seed: seed, report: report).run(kills: kills)
        }
        play("places", report) { try PlaceChecks(in: scratch, report: report).run() }
        play("damage", report) {
            let sweep = try DamageSweep(in: scratch, report: report)
            sweep.run(stride: full ? 1 : stride ?? 4001, only: cases)
        }
        play("repair", report) {
            let sweep = try RepairSweep(in: scratch, report: report)
            try sweep.run(stride: full ? 1 : stride ?? 71, only: cases)
        }
        play("disk", report) { FullDiskChecks(in: scratch, report: report).run() }
        Report.say("\(report.findings.count) findings in \(report.seconds) s")
        guard report.findings.isEmpty else { throw ExitCode(1) }
    }

    /// A part that cannot even begin is a finding; the others are played all the same.
    private func play(_ part: String, _ report: Report, _ body: () throws -> Void) {
        guard only.isEmpty || only.contains(part) else { return }
        report.check(part, body)
    }
}
