/// Another samsa, whose standard output is read here while its standard error goes where ours does.
struct ChildProcess {
    private let process: pid_t
    private let output: Int32

    struct CannotStart: Error {
        var reason: String
    }

    /// Starts this same program with other arguments.
    static func samsa(_ arguments: [String]) throws(CannotStart) -> ChildProcess {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CannotStart(reason: String(cString: strerror(errno))) }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var words: [UnsafeMutablePointer<CChar>?] = (["samsa"] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var process = pid_t()
        let status = posix_spawn(&process, executable, &actions, nil, words, environ)
        close(ends[1])
        guard status == 0 else {
            close(ends[0])
            throw CannotStart(reason: String(cString: strerror(status)))
        }
        return ChildProcess(process: process, output: ends[0])
    }

    /// The next bytes it wrote; empty when it has ended.
    func read(atMost count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            let got = bytes.withUnsafeMutableBytes { readBytes(output, $0.baseAddress!, count) }
            if got < 0, errno == EINTR { continue }
            return Array(bytes.prefix(max(0, got)))
        }
    }

    /// Stops reading, ends it if it still runs, and says how it ended.
    @discardableResult
    func finish(kill stop: Bool = false) -> Int32 {
        close(output)
        if stop { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private static var executable: String {
        #if os(Linux)
        "/proc/self/exe"
        #else
        CommandLine.arguments[0]
        #endif
    }
}

private func readBytes(_ descriptor: Int32, _ base: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, base, count)
}
