import Foundation

/// Words on the standard error output.
enum Complaint {
    static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
