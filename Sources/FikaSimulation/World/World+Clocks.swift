// Clocks that go wrong.
extension World {
    func jumpClock() {
        if random.oneIn(4) {
            relay.clock.jump(using: &random)
            note("the relay's clock is \(relay.clock.offset) ms off")
        } else {
            let index = random.number(in: 0..<clients.count)
            clients[index].device.clock.jump(using: &random)
            note("client \(index)'s clock is \(clients[index].device.clock.offset) ms off")
        }
    }
}
