import Foundation
import TOML
import Testing

/// The public toml-test suite, when `TOML_TEST` names the folder that holds its `valid` and
/// `invalid` documents. A list `files-toml-1.0.0` there says which of them belong to TOML 1.0.
@Suite struct PublicSuiteTests {
    static let folder = ProcessInfo.processInfo.environment["TOML_TEST"].map {
        URL(fileURLWithPath: $0, isDirectory: true).resolvingSymlinksInPath()
    }

    static let documents: [String] = folder.map(documents(in:)) ?? []

    private static func documents(in folder: URL) -> [String] {
        let list = folder.appendingPathComponent("files-toml-1.0.0")
        let names: [String]
        if let text = try? String(contentsOf: list, encoding: .utf8) {
            names = text.split(whereSeparator: \.isNewline).map(String.init)
        } else {
            names = FileManager.default.enumerator(atPath: folder.path)?.compactMap {
                $0 as? String
            } ?? []
        }
        return names.filter { name in
            name.hasSuffix(".toml") && (name.hasPrefix("valid/") || name.hasPrefix("invalid/"))
        }.sorted()
    }

    @Test(.enabled(if: folder != nil, "TOML_TEST names no folder"))
    func `the folder that TOML_TEST names has valid and invalid documents`() {
        let valid = Self.documents.filter { $0.hasPrefix("valid/") }.count
        print("toml-test: \(valid) valid and \(Self.documents.count - valid) invalid documents")
        #expect(valid > 0, "no document under valid/")
        #expect(valid < Self.documents.count, "no document under invalid/")
    }

    @Test(arguments: documents)
    func `every document of the public suite is read or refused as it should be`(
        _ name: String
    ) throws {
        let folder = try #require(Self.folder)
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
        guard name.hasPrefix("valid/") else {
            #expect(throws: TOMLError.self, "\(name) was read") { try readTOML(bytes) }
            return
        }
        let companion = folder.appendingPathComponent(String(name.dropLast(4)) + "json")
        let difference = try TaggedForm.difference(
            try readTOML(bytes), try Data(contentsOf: companion))
        #expect(difference == nil)
    }
}
