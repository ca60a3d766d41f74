import FikaTestSupport
import Foundation

/// Looks for inputs that break a promise about hostile bytes: libFuzzer drives one target.
///
/// `FIKA_FUZZ_TARGET` names the target, so that libFuzzer's own arguments stay its own. With
/// `--seeds FOLDER` the inputs to begin with are written there instead.
@main
enum Main {
    static func main() throws {
        let name = ProcessInfo.processInfo.environment["FIKA_FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            Complaint.say("FIKA_FUZZ_TARGET is one of \(names)")
            exit(64)
        }
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "--seeds" {
            for (number, seed) in try target.makeBench().seeds().enumerated() {
                try Data(seed).write(
                    to: URL(fileURLWithPath: "\(arguments[2])/seed-\(number)"))
            }
            return
        }
        try FuzzRun.begin(target)
        exit(FuzzRun.drive())
    }
}
