/// Above the first table, and tables that do not belong there.
let fileMistakes: [Mistake] = [
    Mistake(
        "title = ",
        "1:9: expected a value after '=', found the end of the document"),
    Mistake(
        "title = 3",
        "1:9: title: expected a text in quotes, found an integer"),
    Mistake(
        "titel = \"x\"",
        "1:1: unknown key \"titel\" in a scenario; did you mean \"title\"?"),
    Mistake(
        "name = \"x\"",
        "1:1: unknown key \"name\" in a scenario; did you mean \"title\"?"),
    Mistake(
        "wibble = 1",
        "1:1: unknown key \"wibble\" in a scenario"),
    Mistake(
        "seed = -1",
        "1:8: seed: expected an integer from 0; it cannot be open, as it fills the openings"),
    Mistake(
        "seed = \"1..5\"",
        "1:8: seed: expected an integer from 0; it cannot be open, as it fills the openings"),
    Mistake(
        "until = 60",
        "1:9: until: expected a duration such as \"200ms\", found an integer"),
    Mistake(
        "until = \"60\"",
        "1:9: until: the unit is missing; write ns, us, ms, s, m, h or d after the number"),
    Mistake(
        "until = \"60 sec\"",
        "1:9: until: unknown unit \" sec\"; did you mean \"s\"?"),
    Mistake(
        "until = \"1.5.5s\"",
        "1:9: until: unknown unit \".5s\"; did you mean \"s\"?"),
    Mistake(
        "until = \"\"",
        "1:9: until: the duration is empty; write one such as \"200ms\" or \"1.5s\""),
    Mistake(
        "until = \"0.1ns\"",
        "1:9: until: a duration cannot be finer than a nanosecond"),
    Mistake(
        "until = \"366d\"",
        "1:9: until: that is more than a year"),
    Mistake(
        "until = \"-5s\"",
        "1:9: until: a duration cannot be negative"),
    Mistake(
        "kafka = \"4.4\"",
        "1:9: kafka: Kafka 4.4 is not simulated; the newest is 4.3"),
    Mistake(
        "kafka = \"0.7\"",
        "1:9: kafka: Kafka 0.7 had no replicas; the oldest that is simulated is 0.8"),
    Mistake(
        "kafka = 4.3",
        "1:9: kafka: expected a version such as \"4.3\", found a number with a point"),
    Mistake(
        "kafka = \"four\"",
        "1:9: kafka: a version is written as \"4.3\""),
    Mistake(
        "without = \"KIP-996\"",
        "1:11: without: expected a list, found a text"),
    Mistake(
        "without = [\"KIP-969\"]",
        "1:12: without[1]: unknown fix \"KIP-969\"; did you mean \"KIP-996\"?"),
    Mistake(
        "with = [\"KIP-996\"]",
        "1:9: with: Kafka 4.3 has KIP-996 already"),
    Mistake(
        "kafka = \"3.9\"\nwithout = [\"KIP-996\"]",
        "2:12: without: Kafka 3.9 does not have KIP-996"),
    Mistake(
        "with = [996]",
        "1:9: with[1]: expected the name of a fix such as \"KIP-996\", found an integer"),
    Mistake(
        "cluster = 3",
        "1:1: cluster: expected a table, written [cluster]"),
    Mistake(
        "[[cluster]]",
        "1:3: cluster: expected a table, written [cluster]"),
    Mistake(
        "[step]",
        "1:2: step: expected a list of tables, each written [[step]]"),
    Mistake(
        "step = [1]",
        "1:9: step[1]: expected a table, found an integer"),
    Mistake(
        "[clsuter]",
        "1:2: unknown table \"clsuter\" in a scenario; did you mean \"cluster\"?"),
    Mistake(
        "[topic.orders]",
        "1:2: [topic.…] needs brokers: say in [cluster] how many, brokers = 3"),
]

/// Numbers of processes, openings and Kafka's settings.
let clusterMistakes: [Mistake] = [
    Mistake(
        "[cluster]\ncontrollers = 0",
        "2:15: cluster.controllers: 0 is not an integer from 1 to 1000"),
    Mistake(
        "[cluster]\ncontrollers = \"three\"",
        "2:15: cluster.controllers: expected an integer from 1 to 1000, found a text"),
    Mistake(
        "[cluster]\ncontrollers = 2.5",
        "2:15: cluster.controllers: expected an integer from 1 to 1000, found a number "
            + "with a point"),
    Mistake(
        "[cluster]\ncontrollers = \"3..1\"",
        "2:15: cluster.controllers: the range \"3..1\" ends before it begins"),
    Mistake(
        "[cluster]\ncontrollers = \"1..\"",
        "2:15: cluster.controllers: a range has two ends, as in \"1..10\""),
    Mistake(
        "[cluster]\ncontrollers = { any = [] }",
        "2:23: cluster.controllers: \"any\" takes a list of values, of which the seed picks one"),
    Mistake(
        "[cluster]\ncontrollers = { any = [1, \"two\"] }",
        "2:27: cluster.controllers.any[2]: expected an integer from 1 to 1000, found a text"),
    Mistake(
        "[cluster]\ncontrollers = { any = 3 }",
        "2:23: cluster.controllers: \"any\" takes a list of values, of which the seed picks one"),
    Mistake(
        "[cluster]\ncontrolers = 3",
        "2:1: unknown key \"controlers\" in [cluster]; did you mean \"controllers\"?"),
    Mistake(
        "[cluster]\nvoters = 3",
        "2:1: unknown key \"voters\" in [cluster]; did you mean \"controllers\"?"),
    Mistake(
        "[cluster]\nkraft.version = 2",
        "2:17: cluster.kraft.version: 2 is not an integer from 0 to 1"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch.timeout.ms = true",
        "2:38: cluster.controller.quorum.fetch.timeout.ms: expected a number of "
            + "milliseconds, found true or false"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch.timeout.ms = \"1.5us\"",
        "2:38: cluster.controller.quorum.fetch.timeout.ms: Kafka counts whole milliseconds here"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch.timeout.ms = -1",
        "2:38: cluster.controller.quorum.fetch.timeout.ms: -1 is not an integer from 0 to "
            + "2147483647"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch.timout.ms = 2000",
        "2:1: unknown key \"controller.quorum.fetch.timout.ms\" in [cluster]; did you mean "
            + "\"controller.quorum.fetch.timeout.ms\"?"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch = 2000",
        "2:1: unknown key \"controller.quorum.fetch\" in [cluster]; did you mean "
            + "\"controller.quorum.fetch.max.bytes\"?"),
    Mistake(
        "[cluster]\n\"controller.quorum.fetch.timeout.ms\" = \"2sec\"",
        "2:40: cluster.controller.quorum.fetch.timeout.ms: unknown unit \"sec\"; did you "
            + "mean \"s\"?"),
    Mistake(
        "[cluster.controller]\nquorum.fetch.max.bytes = 0",
        "2:26: cluster.controller.quorum.fetch.max.bytes: 0 is not an integer from 1 to "
            + "2147483647"),
    Mistake(
        "[cluster]\ncontroller.quorum.fetch.max.bytes = \"3GB\"",
        "2:37: cluster.controller.quorum.fetch.max.bytes: 3000000000 is not an integer "
            + "from 1 to 2147483647"),
    Mistake(
        "[cluster]\ncontroller.quorum.auto.join.enable = \"yes\"",
        "2:38: cluster.controller.quorum.auto.join.enable: expected true or false, found a text"),
    Mistake(
        "[cluster]\nwibble.wobble = 1",
        "2:1: unknown key \"wibble.wobble\" in [cluster]"),
    Mistake(
        "[cluster]\ncontroller = 5",
        "2:1: unknown key \"controller\" in [cluster]; did you mean \"controllers\"?"),
    Mistake(
        "[cluster]\nlog.retension.ms = 5",
        "2:1: unknown key \"log.retension.ms\" in [cluster]; "
            + "did you mean \"log.retention.ms\"?"),
    Mistake(
        "[cluster]\nlog.retention.ms = true",
        "2:20: cluster.log.retention.ms: expected milliseconds, found true or false"),
    Mistake(
        "[cluster]\nnum.network.threads = 0",
        "2:23: cluster.num.network.threads: 0 is not at least 1"),
    Mistake(
        "[cluster]\nreplica.fetch.wait.max.ms = \"1m\"",
        "2:29: replica.fetch.wait.max.ms: replica.fetch.wait.max.ms is above "
            + "replica.socket.timeout.ms (with replica.socket.timeout.ms)"),
]

/// Links, disks, workloads, snapshots and chaos.
let environmentMistakes: [Mistake] = [
    Mistake(
        "[network]\nlatency = \"0s\"",
        "2:11: network.latency: a message takes more than 0"),
    Mistake(
        "[cluster]\ncontroller.quorum.election.timeout.ms = 0",
        "2:41: cluster.controller.quorum.election.timeout.ms: must be more than 0"),
    Mistake(
        "[workload]\nsize = \"1MB\"",
        "2:8: workload.size: a record has at most 100KB"),
    Mistake(
        "[network]\nlatency = \"slow\"",
        "2:11: network.latency: unknown latency \"slow\""),
    Mistake(
        "[network]\nlatency = \"same-rak\"",
        "2:11: network.latency: unknown latency \"same-rak\"; did you mean \"same-rack\"?"),
    Mistake(
        "[network]\nlatency = \"1ms..5ms\"",
        "2:11: network.latency: write { min = …, max = … } for what differs each time"),
    Mistake(
        "[network]\nlatency = 5",
        "2:11: network.latency: expected a duration, \"same-rack\", or { min = …, median = "
            + "…, p99 = …, max = … }, found an integer"),
    Mistake(
        "[network]\nlatency = { min = \"1ms\" }",
        "2:11: network.latency: a latency needs \"min\" and \"max\""),
    Mistake(
        "[network]\nlatency = { min = \"5ms\", max = \"1ms\" }",
        "2:11: network.latency: a latency does not fall from \"min\" to \"max\""),
    Mistake(
        "[network]\nlatency = { min = \"1ms\", max = \"5ms\", meidan = \"2ms\" }",
        "2:11: network.latency: unknown key \"meidan\" in a latency; did you mean \"median\"?"),
    Mistake(
        "[network]\nlatency = { min = 1, max = \"5ms\" }",
        "2:11: network.latency: \"min\" is a duration such as \"2ms\""),
    Mistake(
        "[network]\nbandwidth = \"10MB\"",
        "2:13: network.bandwidth: a rate is a size and \"/s\", such as \"10MB/s\", or "
            + "\"unlimited\""),
    Mistake(
        "[network]\nbandwidth = \"10mb/s\"",
        "2:13: network.bandwidth: unknown unit \"mb\"; did you mean \"MB\"?"),
    Mistake(
        "[network]\nbandwidth = 5",
        "2:13: network.bandwidth: expected a rate such as \"10MB/s\", or \"unlimited\", "
            + "found an integer"),
    Mistake(
        "[network]\nreconnect-backoff = \"1s\"\nreconnect-backoff-max = \"500ms\"",
        "3:25: network.reconnect-backoff-max: is less than reconnect-backoff"),
    Mistake(
        "[network]\nlatencies = \"1ms\"",
        "2:1: unknown key \"latencies\" in [network]; did you mean \"latency\"?"),
    Mistake(
        "[[network.link]]\nbetween = \"controller 1\"\nlatency = \"1ms\"",
        "2:11: network.link[1].between: a link is between two nodes, each with its number"),
    Mistake(
        "[[network.link]]\nbetween = \"controller 1, controller 2\"",
        "1:1: [[network.link]] needs \"latency\": a duration, \"same-rack\", or { min = …, "
            + "median = …, p99 = …, max = … }"),
    Mistake(
        "[[network.link]]\nbetween = \"controller 1, controller 9\"\nlatency = \"1ms\"",
        "2:37: network.link[1].between: there is no controller 9: the controllers are 1, 2 and 3"),
    Mistake(
        "[network.link]\nbetween = \"x\"",
        "1:10: network.link: expected a list of tables, each written [[network.link]]"),
    Mistake(
        "[disk]\ntorn-tails = \"110%\"",
        "2:14: disk.torn-tails: a share cannot be more than 100%"),
    Mistake(
        "[disk]\ntorn-tails = 0.5",
        "2:14: disk.torn-tails: expected a share such as \"5%\" or \"1/200\", found a "
            + "number with a point"),
    Mistake(
        "[disk]\ntorn-tails = \"half\"",
        "2:14: disk.torn-tails: a share is written as \"5%\", \"0.1%\" or \"1/200\""),
    Mistake(
        "[disk]\nunflushed = \"party\"",
        "2:13: disk.unflushed: unknown word \"party\"; did you mean \"partly\"?"),
    Mistake(
        "[disk]\nfsync = \"1ms\"",
        "2:1: unknown key \"fsync\" in [disk]; did you mean \"flush\"?"),
    Mistake(
        "[workload]\nevery = \"0s\"",
        "2:9: workload.every: must be at least 1us"),
    Mistake(
        "[workload]\nsize = \"1.5B\"",
        "2:8: workload.size: that is not a whole number of bytes"),
    Mistake(
        "[workload]\nsize = \"10\"",
        "2:8: workload.size: the unit is missing: write \"B\", \"KB\", \"KiB\", … behind it"),
    Mistake(
        "[workload]\nsize = \"10XB\"",
        "2:8: workload.size: unknown unit \"XB\"; did you mean \"B\"?"),
    Mistake(
        "[workload]\nsize = -1",
        "2:8: workload.size: a size cannot be negative"),
    Mistake(
        "[workload]\nrecords = \"many\"",
        "2:11: workload.records: expected an integer from 1 to 1000000000000, found a text"),
    Mistake(
        "[[workload]]\n[[workload]]\nrecords = 0",
        "3:11: workload[2].records: 0 is not an integer from 1 to 1000000000000"),
    Mistake(
        "[snapshots]\nsize = \"1MB\"",
        "1:1: [snapshots] needs \"every\": an integer from 1 to 1000000000000"),
    Mistake(
        "[chaos]\nfamilies = [\"crash\"]",
        "2:13: chaos.families[1]: unknown family \"crash\"; did you mean \"crashes\"?"),
    Mistake(
        "[chaos]\nfamilies = [\"cuts\", \"elections\"]",
        "2:21: chaos.families: elections are of clusters: there are no brokers"),
    Mistake(
        "[[chaos]]\n[[chaos]]\nfamilies = [\"crash\"]",
        "3:13: chaos[2].families[1]: unknown family \"crash\"; did you mean \"crashes\"?"),
    Mistake(
        "[chaos]\namong = \"leader\"",
        "2:10: chaos.among: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found \"leader\"; did you mean \"controller\"?"),
    Mistake(
        "[chaos]\nfamilies = \"all\"",
        "2:12: chaos.families: expected a list, found a text"),
    Mistake(
        "[chaos]\nleft-out = \"1/0\"",
        "2:12: chaos.left-out: a share is written as \"5%\", \"0.1%\" or \"1/200\""),
    Mistake(
        "[chaos]\nspares-majority = 1",
        "2:19: chaos.spares-majority: expected true or false, found an integer"),
]
