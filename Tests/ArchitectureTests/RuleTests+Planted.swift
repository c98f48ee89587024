/// Small houses that break one rule, or nearly.
extension RuleTests {
    static let planted = plantedTexts + plantedModules + plantedStates + plantedShapes

    private static let plantedTexts = [
        Planted(
            rule: "lines have at most 100 columns",
            texts: ["Sources/A/B.swift": "a\n" + String(repeating: "é", count: 101)],
            offences: ["Sources/A/B.swift:2: 101 columns"]),
        Planted(
            rule: "lines have at most 100 columns",
            texts: [
                "Sources/A/B.swift": String(repeating: "é", count: 100),
                "Sources/A/C.swift": "    \"" + String(repeating: "a", count: 100) + "\",",
                "Scenarios/a.toml": String(repeating: "a", count: 101),
            ],
            offences: []),
        Planted(
            rule: "files have at most 500 lines",
            texts: [
                "Sources/A/B.swift": String(repeating: "\n", count: 501),
                "Sources/A/C.swift": String(repeating: "\n", count: 500),
            ],
            offences: ["Sources/A/B.swift:501: 501 lines"]),
        Planted(
            rule: "files have at most 500 lines", texts: ["Tests/A/B.txt": "\n"], offences: []),
        Planted(
            rule: "nothing is left to do later",
            texts: ["Tests/A/B.swift": "a\nb // " + "TO" + "DO: c"],
            offences: ["Tests/A/B.swift:2: TO" + "DO"]),
        Planted(
            rule: "nothing is left to do later",
            texts: ["Sources/A/B.swift": "// what is to do, is done"], offences: []),
        Planted(
            rule: "no place of a development machine is named",
            texts: [
                "README.md": "cd /" + "work/main",
                "Sources/A/B.swift": "let a = 1\nlet b = \"/" + "tmp\"",
            ],
            offences: ["README.md:1: /" + "work", "Sources/A/B.swift:2: /" + "tmp"]),
        Planted(
            rule: "no place of a development machine is named",
            texts: [
                "README.md": "net/work, /workload, a/home/b",
                "Sources/A/B.swift": "let logDir = \"/" + "tmp/kafka-logs\"",
            ],
            offences: []),
        Planted(
            rule: "the top level holds what the design lists",
            texts: ["Sources/A/B.swift": "", "notes.md": ""],
            offences: ["notes.md:1: unexpected at the top level"]),
        Planted(
            rule: "the top level holds what the design lists",
            texts: ["Package.swift": "", "Scenarios/a.toml": ""], offences: []),
    ]

    private static let plantedModules = [
        Planted(
            rule: "a module imports only what stands below it",
            texts: [
                "Sources/Kafka/Log/A.swift": "import Kernel\nimport Simulation",
                "Sources/Checks/B.swift": "@_spi(X) import struct Foundation.Date",
                "Sources/Other/C.swift": "import Kernel",
            ],
            offences: [
                "Sources/Kafka/Log/A.swift:2: imports Simulation",
                "Sources/Checks/B.swift:1: imports Foundation",
                "Sources/Other/C.swift:1: not in a known module",
            ]),
        Planted(
            rule: "a module imports only what stands below it",
            texts: [
                "Sources/Checks/A.swift": "// import Foundation\nimport Kafka",
                "Sources/samsa/B.swift": "import Foundation",
                "Tests/ATests/C.swift": "import Foundation",
            ],
            offences: []),
        Planted(
            rule: "no type bears a module's name",
            texts: ["Sources/Checks/A.swift": "enum B {}\npublic struct Checks {}"],
            offences: ["Sources/Checks/A.swift:2: type Checks"]),
        Planted(
            rule: "no type bears a module's name",
            texts: ["Sources/Checks/A.swift": "struct A { enum Checks {} }"], offences: []),
        Planted(
            rule: "a room of Kafka names no type of a room beside or above it",
            texts: [
                "Sources/Kafka/Domain/A.swift": "struct A {\n    var b: B\n}",
                "Sources/Kafka/Broker/B.swift": "public struct B {}\nlet c = C()",
                "Sources/Kafka/Controller/C.swift": "final class C: D { var d: [D?] }",
                "Sources/Kafka/Clients/D.swift": "protocol D {}",
                "Sources/Kafka/Raft/E.swift": "func f(_ d: some D) {}",
            ],
            offences: [
                "Sources/Kafka/Domain/A.swift:2: names B of Broker",
                "Sources/Kafka/Broker/B.swift:2: names C of Controller",
                "Sources/Kafka/Controller/C.swift:1: names D of Clients",
                "Sources/Kafka/Controller/C.swift:1: names D of Clients",
                "Sources/Kafka/Raft/E.swift:1: names D of Clients",
            ]),
        Planted(
            rule: "a room of Kafka names no type of a room beside or above it",
            texts: [
                "Sources/Kafka/Domain/A.swift": "struct A {} // as B does\nlet x = y.B",
                "Sources/Kafka/Broker/B.swift": "struct B { var a: A }",
                "Sources/Simulation/C.swift": "let b = B(a: A())",
                "Sources/Kafka/Raft/D.swift": "enum D { enum E {}; var e: E }",
                "Sources/Kafka/Controller/E.swift": "enum E {}",
            ],
            offences: []),
        Planted(
            rule: "Kafka has the rooms of the design",
            texts: ["Sources/Kafka/Attic/A.swift": "", "Sources/Kafka/B.swift": ""],
            offences: [
                "Sources/Kafka/Attic/A.swift:1: stands in no room of Kafka",
                "Sources/Kafka/B.swift:1: stands in no room of Kafka",
            ]),
        Planted(
            rule: "Kafka has the rooms of the design",
            texts: ["Sources/Kafka/Log/Segments/A.swift": "", "Sources/Kernel/B.swift": ""],
            offences: []),
    ]

    private static let plantedStates = [
        Planted(
            rule: "nothing below samsa uses what differs between two processes",
            texts: [
                "Sources/Kernel/A.swift": "let a: Set<Int>\nlet b = Int.random(in: 0..<1)",
                "Sources/Reports/B.swift": "let c = Dictionary(uniqueKeysWithValues: [])",
            ],
            offences: [
                "Sources/Kernel/A.swift:1: Set", "Sources/Kernel/A.swift:2: random",
                "Sources/Reports/B.swift:1: Dictionary",
            ]),
        Planted(
            rule: "nothing below samsa uses what differs between two processes",
            texts: [
                "Sources/Kernel/A.swift": "// no Set\nlet a = \"Date\"\nlet b = B.random(&c)",
                "Sources/TOML/B.swift": "struct Date {}",
                "Sources/samsa/C.swift": "let a: Set<Int>",
                "Tests/ATests/D.swift": "let a: Set<Int>",
            ],
            offences: []),
        Planted(
            rule: "no dictionary type hides behind brackets",
            texts: [
                "Sources/Kafka/Log/A.swift": "var a: [Int: Int]\nvar b = [A<B, C>.D: [E]]()",
                "Sources/Checks/A.swift": "func f(_ a: [String?: (A, B)]) {}",
            ],
            offences: [
                "Sources/Kafka/Log/A.swift:1: a dictionary type",
                "Sources/Kafka/Log/A.swift:2: a dictionary type",
                "Sources/Checks/A.swift:1: a dictionary type",
            ]),
        Planted(
            rule: "no dictionary type hides behind brackets",
            texts: [
                "Sources/Kernel/A.swift": """
                    let a: PurposeNames = ["a": .b]; let c = d[e, default: F()]; let g = [H(i: J)]
                    let k = [L.m ? N : O]; let p: [(q: R, S)] = [T, U]; v[W[x: Y]]
                    """,
                "Sources/samsa/B.swift": "let a: [Int: Int]",
            ],
            offences: []),
        Planted(
            rule: "no floating point where it could decide what happens",
            texts: ["Sources/Simulation/A.swift": "\nlet a: Double = 1"],
            offences: ["Sources/Simulation/A.swift:2: Double"]),
        Planted(
            rule: "no floating point where it could decide what happens",
            texts: ["Sources/Reports/A.swift": "let a: Double = 1"], offences: []),
        Planted(
            rule: "only samsa prints",
            texts: ["Sources/Checks/A.swift": "func f() {\n    print(1)\n}"],
            offences: ["Sources/Checks/A.swift:2: print"]),
        Planted(
            rule: "only samsa prints",
            texts: [
                "Sources/Checks/A.swift": "func print(_ a: B) { a.print() }",
                "Sources/samsa/B.swift": "print(1)",
            ],
            offences: []),
    ]

    private static let plantedShapes = [
        Planted(
            rule: "functions have at most 70 lines",
            texts: [
                "Sources/A/B.swift": "let a = 1\nfunc f(_ g: () -> Void = {}) {"
                    + String(repeating: "\n", count: 70) + "}",
                "Sources/A/C.swift": "struct C {\n    init(a: Int) {\n        do {\n        }"
                    + String(repeating: "\n", count: 70) + "}\n}",
                "Sources/A/E.swift": "func f() { func g() {\nfunc h() {}\n"
                    + String(repeating: "\n", count: 69) + "} }",
            ],
            offences: [
                "Sources/A/B.swift:2: 71 lines", "Sources/A/C.swift:2: 73 lines",
                "Sources/A/E.swift:1: 71 lines",
            ]),
        Planted(
            rule: "functions have at most 70 lines",
            texts: [
                "Sources/A/B.swift": "func f() {" + String(repeating: "\n", count: 69) + "}",
                "Sources/A/C.swift": "protocol P {\n    func f()\n    init()\n}\nstruct C: P {"
                    + String(repeating: "\n", count: 100) + "}",
                "Sources/A/E.swift": "func f() {\nfunc g() {" + String(repeating: "\n", count: 60)
                    + "}" + String(repeating: "\n", count: 60) + "}",
                "Sources/A/D.swift": "struct D {\n    var a = [1]\n    var b: Int\n    enum E {"
                    + String(repeating: "\n", count: 100) + "}\n}",
            ],
            offences: []),
        Planted(
            rule: "a fix is read at one place",
            texts: [
                "Sources/Kafka/Raft/A.swift": "if generation.has(.preVote) {}",
                "Sources/Kafka/Raft/B.swift": "\n\nif a.generation.has(.preVote) {}",
            ],
            offences: [
                "Sources/Kafka/Raft/B.swift:3: preVote, as at Sources/Kafka/Raft/A.swift:1"
            ]),
        Planted(
            rule: "a fix is read at one place",
            texts: ["Sources/Kafka/Raft/A.swift": "g.has(.preVote)\ng.has(.elr)\ng.has(fix)"],
            offences: []),
        Planted(
            rule: "a purpose's code is its own",
            texts: [
                "Sources/Kernel/A.swift": "let a = Purpose(code: 0x0101)",
                "Sources/Kafka/Raft/B.swift": "let b = Purpose(code: 0x0101)",
            ],
            offences: ["Sources/Kafka/Raft/B.swift:1: 0x0101, as at Sources/Kernel/A.swift:1"]),
        Planted(
            rule: "a purpose's code is its own",
            texts: [
                "Sources/Kernel/A.swift": "let a = Purpose(code: 1)\nlet b = Purpose(code: 2)",
                "Tests/KernelTests/B.swift": "let a = Purpose(code: 1)",
            ],
            offences: []),
        Planted(
            rule: "a purpose has a name",
            texts: [
                "Sources/Kernel/A.swift": """
                    static let a = Purpose(code: 1)
                    static var b: Purpose { Purpose(code: 2) }
                    let names: PurposeNames = ["b": .c]
                    """
            ],
            offences: ["Sources/Kernel/A.swift:1: a", "Sources/Kernel/A.swift:2: b"]),
        Planted(
            rule: "a purpose has a name",
            texts: [
                "Sources/Kernel/A.swift": """
                    static let a = Purpose(code: 1)
                    static let b = Purpose(code: 2)
                    let names: PurposeNames = ["a": .a]
                    """,
                "Sources/Kernel/B.swift": "let names: PurposeNames = [\"b\": .b]",
            ],
            offences: []),
    ]
}
