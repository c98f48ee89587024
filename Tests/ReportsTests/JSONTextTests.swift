import Foundation
import Testing

@testable import Reports

@Suite struct JSONTextTests {
    @Test func `an empty object and an empty array take no lines`() {
        var json = JSONText()
        json.object { json in
            json.key("nothing")
            json.object { _ in }
            json.key("none")
            json.array { _ in }
        }
        #expect(json.text == "{\n  \"nothing\": {},\n  \"none\": []\n}")
    }

    @Test func `members keep the order in which they were written`() {
        var json = JSONText()
        json.object { json in
            json.member("b", 1)
            json.member("a", "x")
            json.member("c", true)
        }
        #expect(json.text == "{\n  \"b\": 1,\n  \"a\": \"x\",\n  \"c\": true\n}")
    }

    @Test func `what is written can be read back by another reader`() throws {
        let hostile = "\"\\\n\t\r\u{1}é\u{2028}🦊</script>"
        var json = JSONText()
        json.object { json in
            json.member("text", hostile)
            json.key("list")
            json.array { json in
                json.integer(Int64.min)
                json.null()
                json.object { $0.member("deep", false) }
                json.array { $0.integer(7) }
            }
        }
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(read["text"] as? String == hostile)
        let list = try #require(read["list"] as? [Any])
        #expect(list.count == 4)
        #expect((list[0] as? NSNumber)?.int64Value == Int64.min)
        #expect((list[2] as? [String: Any])?["deep"] as? Bool == false)
    }
}
