import Synchronization

/// Computes numbered results on several threads and hands them out in the order of their numbers,
/// so that what is printed does not depend on how many threads there are.
///
/// Threads take the next number when they are free; nobody waits for a slow neighbour.
enum Workers {
    static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Calls `take` with every result in order, on the calling thread, until all are done or it
    /// answers false.
    static func compute<Result: Sendable>(
        count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result,
        inOrder take: (Result) throws -> Bool
    ) rethrows {
        guard jobs > 1, count > 1 else {
            for index in 0..<count {
                guard try take(work(index)) else { return }
            }
            return
        }
        let desk = Desk<Result>(count: count)
        var threads: [pthread_t] = []
        for _ in 0..<min(jobs, count) {
            threads.append(start { desk.serve(work) })
        }
        defer {
            desk.close()
            for thread in threads { pthread_join(thread, nil) }
        }
        for index in 0..<count {
            guard try take(desk.result(index)) else { return }
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t {
        #if canImport(Darwin)
        var thread: pthread_t!
        #else
        var thread = pthread_t()
        #endif
        let body = Unmanaged.passRetained(Body(run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_create(&thread, &attributes, { argument in
            #if canImport(Darwin)
            let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
            #else
            let body = Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
            #endif
            body.run()
            return nil
        }, body.toOpaque())
        pthread_attr_destroy(&attributes)
        return thread
    }
}

/// Where workers lay down what they have computed and the caller picks it up.
private final class Desk<Result: Sendable>: @unchecked Sendable {
    private var mutex = pthread_mutex_t()
    private var arrived = pthread_cond_t()
    private var results: [Result?]
    private var next = 0
    private var closed = false

    init(count: Int) {
        results = Array(repeating: nil, count: count)
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&arrived, nil)
    }

    deinit {
        pthread_cond_destroy(&arrived)
        pthread_mutex_destroy(&mutex)
    }

    func serve(_ work: (Int) -> Result) {
        while true {
            pthread_mutex_lock(&mutex)
            let index = next
            next += 1
            let done = closed || index >= results.count
            pthread_mutex_unlock(&mutex)
            guard !done else { return }
            let result = work(index)
            pthread_mutex_lock(&mutex)
            results[index] = result
            pthread_cond_broadcast(&arrived)
            pthread_mutex_unlock(&mutex)
        }
    }

    func result(_ index: Int) -> Result {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        while true {
            if let result = results[index] {
                results[index] = nil
                return result
            }
            pthread_cond_wait(&arrived, &mutex)
        }
    }

    func close() {
        pthread_mutex_lock(&mutex)
        closed = true
        pthread_mutex_unlock(&mutex)
    }
}
