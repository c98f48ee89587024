/// The candidate that somebody who wrote `word` most likely meant; nil when none is near.
///
/// Near is: at most one slip (a letter too many, too few, wrong, or two swapped) for every three
/// letters; or a name of several words that was broken off behind one of them. Of several equally
/// near the first wins, so lists stand in order of likelihood.
public func nearestWord(to word: String, among candidates: [String]) -> String? {
    let longest = 60
    let letters = Array(word.lowercased().unicodeScalars.prefix(longest + 1))
    guard !letters.isEmpty, letters.count <= longest else { return nil }
    var best: (candidate: String, slips: Int)?
    for candidate in candidates {
        let others = Array(candidate.lowercased().unicodeScalars)
        for joint in [".", "_"] where word.contains(joint) {
            if candidate.hasPrefix(word + joint) { return candidate }
        }
        let allowed = max(1, max(letters.count, others.count) / 3)
        guard abs(letters.count - others.count) <= allowed else { continue }
        let slips = countSlips(from: letters, to: others)
        if slips <= allowed, slips < best?.slips ?? .max { best = (candidate, slips) }
    }
    return best?.candidate
}

/// The edit distance in which swapping two neighbours counts once (optimal string alignment).
private func countSlips(from left: [Unicode.Scalar], to right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            var slips = last[column] + (left[row] == right[column] ? 0 : 1)
            slips = min(slips, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                slips = min(slips, beforeLast[column - 1] + 1)
            }
            current.append(slips)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
