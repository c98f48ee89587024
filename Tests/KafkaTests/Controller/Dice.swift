import Kernel

@testable import Kafka

/// Random things for tests, the same in every run.
struct Dice {
    private var choices: Choices

    init(seed: UInt64) {
        choices = Choices(seed: seed)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(choices.draw(ActorID(0), Purpose(code: 0), below: UInt64(bound)))
    }

    mutating func isTrue(oneIn: Int = 2) -> Bool { below(oneIn) == 0 }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var left = list
        var drawn: [Element] = []
        while !left.isEmpty { drawn.append(left.remove(at: below(left.count))) }
        return drawn
    }

    /// Some of them in any order.
    mutating func some<Element>(_ list: [Element], atLeast: Int = 0) -> [Element] {
        Array(shuffled(list).prefix(atLeast + below(list.count - atLeast + 1)))
    }
}
