import Kernel
import Testing

@testable import Kafka

@Suite struct LogDirectoriesTests {
    private let first = DirectoryID(1_001)
    private let second = DirectoryID(1_002)

    private func partition(_ number: Int32) -> TopicIDPartition {
        TopicIDPartition(TopicID(7), number)
    }

    @Test func `a replica that nobody has placed goes where the fewest are`() {
        var directories = LogDirectories([first, second])
        for number in 0..<4 { directories.settle(partition(Int32(number)), assigned: nil) }
        let places = (0..<4).map { directories.place(of: partition(Int32($0))) }
        #expect(places == [first, second, first, second])
    }

    @Test func `a replica goes where the controller has it, and stays there`() {
        var directories = LogDirectories([first, second])
        directories.settle(partition(0), assigned: second)
        directories.settle(partition(0), assigned: first)
        #expect(directories.place(of: partition(0)) == second)
        directories.settle(partition(1), assigned: .unassigned)
        #expect(directories.place(of: partition(1)) == first)
    }

    @Test func `what lies in a directory that fails is offline, the rest is not`() {
        var directories = LogDirectories([first, second])
        directories.settle(partition(0), assigned: first)
        directories.settle(partition(1), assigned: second)
        let fails = [directories.fail(first), directories.fail(first)]
        #expect(fails == [true, false])
        #expect(directories.isOffline(partition(0)))
        #expect(!directories.isOffline(partition(1)))
        #expect(directories.failed == [first])
        // A new one goes where it can be written.
        directories.settle(partition(2), assigned: first)
        #expect(directories.place(of: partition(2)) == second)
    }

    @Test func `a process that cannot use a directory from the start does not report it`() {
        var places = ForkableMap<TopicIDPartition, DirectoryID>()
        places[partition(0)] = first
        let directories = LogDirectories([first, second], unusable: [first], places: places)
        #expect(directories.isOffline(partition(0)))
        #expect(directories.failed == [])
    }

    @Test func `of a single directory nothing is kept`() {
        var directories = LogDirectories([first])
        directories.settle(partition(0), assigned: first)
        #expect(directories.place(of: partition(0)) == nil)
        #expect(directories.places.isEmpty)
    }
}
