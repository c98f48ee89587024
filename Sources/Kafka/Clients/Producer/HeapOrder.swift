/// The binary heap of java.util.PriorityQueue, for the places where its order shows: equal
/// elements do not leave it in the order in which they came, and walking it is not sorted.
enum HeapOrder {
    static func insert<Element>(
        _ element: Element, into heap: inout [Element],
        precedes: (Element, Element) -> Bool
    ) {
        heap.append(element)
        siftUp(heap.count - 1, &heap, precedes)
    }

    /// Precondition: the heap is not empty.
    static func removeFirst<Element>(
        from heap: inout [Element], precedes: (Element, Element) -> Bool
    ) -> Element {
        let first = heap[0]
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown(0, &heap, precedes)
        }
        return first
    }

    static func remove<Element>(
        at index: Int, from heap: inout [Element], precedes: (Element, Element) -> Bool
    ) {
        let last = heap.removeLast()
        if index == heap.count { return }
        heap[index] = last
        if siftDown(index, &heap, precedes) == index { siftUp(index, &heap, precedes) }
    }

    private static func siftUp<Element>(
        _ start: Int, _ heap: inout [Element], _ precedes: (Element, Element) -> Bool
    ) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard precedes(heap[index], heap[parent]) else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    /// Returns where the element came to rest.
    @discardableResult
    private static func siftDown<Element>(
        _ start: Int, _ heap: inout [Element], _ precedes: (Element, Element) -> Bool
    ) -> Int {
        var index = start
        while 2 * index + 1 < heap.count {
            var child = 2 * index + 1
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
            guard precedes(heap[child], heap[index]) else { break }
            heap.swapAt(index, child)
            index = child
        }
        return index
    }
}
