extension TestRandom {
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
