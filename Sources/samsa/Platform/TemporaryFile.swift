/// A file that is gone when its maker is done with it.
struct TemporaryFile {
    let path: String

    init(_ text: String) throws(Files.Unreadable) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array((folder + "/samsa-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else {
            throw Files.Unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        Terminal.write(Array(text.utf8), to: descriptor)
        close(descriptor)
    }

    func remove() { unlink(path) }
}
