import Synchronization

/// Counts the bytes that are allocated, by the address sanitizer's word on each of them.
enum Memory {
    private static let current = Atomic<Int>(0)
    private static let highest = Atomic<Int>(0)

    /// From now on all memory counts; what is freed of before goes below zero and does no harm.
    static func watch() {
        // Both exist before the first hook asks for them.
        start()
        _ = installHooks(
            { _, count in
                let now = Memory.current.add(count, ordering: .relaxed).newValue
                Memory.highest.max(now, ordering: .relaxed)
            },
            { memory in
                guard let memory else { return }
                Memory.current.subtract(allocatedSize(memory), ordering: .relaxed)
            })
    }

    /// What is there now counts no more.
    static func start() {
        current.store(0, ordering: .relaxed)
        highest.store(0, ordering: .relaxed)
    }

    /// The most bytes that were there at once since the start.
    static var peak: Int { highest.load(ordering: .relaxed) }
}

@_extern(c, "__sanitizer_install_malloc_and_free_hooks")
private func installHooks(
    _ allocated: @convention(c) (UnsafeRawPointer?, Int) -> Void,
    _ freed: @convention(c) (UnsafeRawPointer?) -> Void
) -> Int32

@_extern(c, "__sanitizer_get_allocated_size")
private func allocatedSize(_ memory: UnsafeRawPointer) -> Int
