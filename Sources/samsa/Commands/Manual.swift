/// What a command is called, what it takes, and how it is used: help is made from it, and the
/// parser of its arguments reads the same list, so the two cannot disagree.
struct Manual {
    var name: String
    var synopsis: String
    var summary: String
    var detail: String
    var options: [Option]
    /// For samsa's own use: understood, but not explained.
    var inner: [Option] = []
    var examples: [(command: String, what: String)]

    static let all: [Manual] = [.run, .verify, .bench, .help]

    static let run = Manual(
        name: "run", synopsis: "samsa run PATH… [options]",
        summary: "run scenario files and judge them",
        detail: """
            A PATH is a scenario file or a folder, whose *.toml files are all run. Without --seed or
            --seeds each file runs with its own seed. With --seeds every file is run under each
            seed, and what the file expects is asked of all the seeds together.
            The same files, seeds and options always print the same bytes.
            What a file can say, of brokers, topics, clients, faults and expectations, stands in
            Scenarios/README.md.
            """,
        options: [
            Option("--seed", "N", "run with this seed instead of the file's own"),
            Option("--seeds", "A..B", "run under every seed from A to B"),
            Option("--without", "NAMES", "take these fixes out, for instance KIP-497,KIP-101"),
            Option("--jobs", "N", "how many seeds at a time (default: one a processor)"),
            Option("--until", "TIME", "stop at this virtual time, for instance 12.5s"),
            Option("--fixed", nil, "mend the bug that a file shows, as its [fixed] table says"),
            Option("--story", nil, "tell what happens, one line each, before the verdict"),
            Option("--trace", nil, "tell every event: fetches, heartbeats, the start as well"),
            Option("--format", "FORMAT", "text (default), json (everything) or junit"),
        ],
        inner: [
            Option("--digests", nil, "the digest after every event, eight bytes each"),
            Option("--trace-event", "N", "tell only this event"),
        ],
        examples: [
            ("samsa run Scenarios", "everything"),
            ("samsa run Scenarios/Acks/02-one-loses.toml --story", "one story, as it happens"),
            ("samsa run Scenarios/Chaos --seeds 1..1000", "the same faults in other luck"),
            ("samsa run Scenarios/Bugs --fixed", "what comes of the bugs' stories without them"),
            ("samsa run Scenarios/Chaos --seeds 1..100 --without KIP-101", "what it is good for"),
        ])

    static let verify = Manual(
        name: "verify", synopsis: "samsa verify PATH… [options]",
        summary: "run twice in separate processes and compare event by event",
        detail: """
            A run is its scenario and its seed, and nothing else. This proves it: two processes run
            the same file, and the digests after every event are compared. When they differ, the
            first event that differs is named, as each process saw it.
            """,
        options: [
            Option("--seed", "N", "verify this seed instead of the file's own"),
            Option("--seeds", "A..B", "verify every seed from A to B"),
        ],
        examples: [
            ("samsa verify Scenarios", "every file with its own seed"),
            ("samsa verify Scenarios/Chaos --seeds 1..20", "twenty seeds of each"),
        ])

    static let bench = Manual(
        name: "bench", synopsis: "samsa bench [NAME…] [options]",
        summary: "measure this build on this machine",
        detail: """
            Prints each figure with its unit and, where there is one, the yardstick it is held
            against, measured in the same run. Figures are of the machine and of the moment:
            compare ratios, not single numbers. Build with -c release first.
            """,
        options: [
            Option("--format", "FORMAT", "text (default) or json"),
            Option("--quick", nil, "a tenth of the work, for a first look"),
            Option("--full", nil, "up to a hundred million events: minutes"),
        ],
        examples: [
            ("samsa bench", "all figures"),
            ("samsa bench queue --format json", "those whose name contains queue"),
        ])

    static let help = Manual(
        name: "help", synopsis: "samsa help [COMMAND]",
        summary: "explain a command", detail: "", options: [], examples: [])

    var text: String {
        var lines = [synopsis, "", summary.prefix(1).uppercased() + summary.dropFirst() + "."]
        if !detail.isEmpty { lines += ["", detail] }
        if !options.isEmpty {
            lines += ["", "Options:"]
            for option in options {
                let form = option.name + (option.value.map { " \($0)" } ?? "")
                lines.append("  " + column(form, 18) + option.help)
            }
        }
        if !examples.isEmpty {
            lines += ["", "Examples:"]
            for example in examples {
                lines.append("  " + column(example.command, 58) + example.what)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static var overview: String {
        var lines = [
            "Samsa: a deterministic simulator of a Kafka cluster.", "",
            "A run is a scenario file and a seed, and nothing else: it tells the same story, to the",
            "byte, every time and everywhere.", "",
        ]
        for manual in all {
            lines.append("  " + column("samsa " + manual.name, 16) + manual.summary)
        }
        lines += [
            "", "samsa help COMMAND and samsa COMMAND --help explain each; samsa --version says which",
            "samsa this is.", "",
            "Exit status: 0 all as expected · 1 a violation or an expectation that was not met ·",
            "2 a wrong command line or scenario file · 70 a fault of samsa itself.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}

private func column(_ text: String, _ width: Int) -> String {
    let missing = width - text.count
    return missing > 0 ? text + String(repeating: " ", count: missing) : text + "  "
}
