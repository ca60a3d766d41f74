import Dispatch

/// Runs work that waits for the disk away from the threads that tasks share.
enum Offload {
    private static let queue = DispatchQueue(
        label: "fika", qos: .userInitiated, attributes: .concurrent)

    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws(FikaError) -> Value {
        let result = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { try body() })
            }
        }
        do {
            return try result.get()
        } catch {
            throw FikaError(error)
        }
    }
}
