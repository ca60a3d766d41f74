// One act or fault after the other, each with a number.
extension World {
    /// One person does one thing; then somebody does the next, or all is to heal.
    func act() {
        happen {
            let index = random.number(in: 0..<clients.count)
            let share = clients[index].device.offlineShare
            if random.number(in: 0..<1000) < share / 4 {
                clients[index].isOnline ? goOffline(index) : goOnline(index)
            }
            if clients[index].isRunning { doSomething(index) }
        }
        actsLeft -= 1
        queue.add(isEnough ? .heal : .act, at: now + drawPause(plan.pauses))
    }

    /// How many things people did, or would have done.
    var actsDone: Int { plan.actCount - actsLeft }

    /// Whether people did what the plan wants; some of it comes to nothing.
    private var isEnough: Bool {
        if let actMaximum = plan.actMaximum { return actsDone >= actMaximum }
        guard actsLeft <= 0 else { return false }
        guard plan.isLong, actsLeft > -4 * plan.writesMinimum else { return true }
        return ledger.returnedCount >= plan.writesMinimum && counts.total(.faults) > 0
    }

    /// Lets an event happen, unless it is to be skipped.
    ///
    /// In a long world it draws from a stream of its own, so that the others stay what they are.
    func happen(_ body: () -> Void) {
        eventCount += 1
        guard !plan.skipped.contains(eventCount) else { return }
        let saved = random
        if plan.isLong {
            random = SplitMix64(seed: plan.seed &+ UInt64(eventCount) &* 0x9E37_79B9_7F4A_7C15)
        }
        story.begin()
        body()
        story.end()
        if plan.isLong { random = saved }
    }

    /// How long it is until the next act or fault.
    ///
    /// In a long world its number alone decides, so that each comes when it came before, whatever
    /// is left out.
    func drawPause(_ pauses: ClosedRange<UInt64>) -> UInt64 {
        guard plan.isLong else { return random.number(in: pauses) }
        var own = SplitMix64(seed: plan.seed ^ UInt64(eventCount) &* 0xD1B5_4A32_D192_ED03)
        return own.number(in: pauses)
    }
}
