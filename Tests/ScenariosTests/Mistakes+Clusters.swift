/// In files with brokers, topics and clients.
let brokerMistakes: [Mistake] = [
    Mistake(
        "[topic.orders]",
        "1:2: [topic.…] needs brokers: say in [cluster] how many, brokers = 3"),
    Mistake(
        "[cluster]\ncontrollers = 3\n[producer.till]",
        "3:2: [producer.…] needs brokers: say in [cluster] how many, brokers = 3"),
    Mistake(
        "[cluster]\nbrokers = 0",
        "2:11: cluster.brokers: 0 is not an integer from 1 to 10000"),
    Mistake(
        "[cluster]\ncombined = true",
        "2:1: cluster.combined: there are no brokers to combine with"),
    Mistake(
        "[cluster]\nbrokers = 2\ncombined = true\ncontrollers = 3",
        "3:1: cluster.combined: there are more controllers than brokers"),
    Mistake(
        "[cluster]\nbrokers = 2\nobservers = 1",
        "3:1: cluster.observers: brokers are the observers here"),
    Mistake(
        "[cluster]\neligible.leader.replicas.version = 1",
        "2:1: \"eligible.leader.replicas.version\" needs brokers"),
    Mistake(
        "[cluster]\nbrokers = 2\ntransaction.version = 9",
        "3:23: cluster.transaction.version: 9 is not an integer from 0 to 2"),
    Mistake(
        "[cluster]\nbrokers = 2\nmetadata.version = 21\neligible.leader.replicas.version = 1",
        "4:1: cluster.eligible.leader.replicas.version: level 1 needs metadata.version 23, and "
            + "here it is 21"),
    Mistake(
        "[cluster]\nbrokers = 2\nreplica.lag.time.max = 9",
        "3:1: unknown key \"replica.lag.time.max\" in [cluster]; did you mean "
            + "\"replica.lag.time.max.ms\"?"),
    Mistake(
        "[cluster]\nbrokers = 2\n[broker.3]",
        "3:9: there is no broker 3: the brokers are 1 and 2"),
    Mistake(
        "[cluster]\nbrokers = 2\n[broker.2]\ndirectories = 0",
        "4:15: broker.2.directories: 0 is not an integer from 1 to 100"),
    Mistake(
        "[cluster]\nbrokers = 2\n[controller.1]\ndirectories = 2",
        "4:1: unknown key \"directories\" in [controller.…]"),
    Mistake(
        "[cluster]\nbrokers = 2\n[broker.two]",
        "3:9: a broker is called by its number: [broker.2]"),
    Mistake(
        "[cluster]\nbrokers = 2\n[broker.2]\ncontroller.quorum.fetch.timeout.ms = 5",
        "4:1: controller.quorum.fetch.timeout.ms is the same for all nodes here: say it in "
            + "[cluster]"),
    Mistake(
        "[cluster]\nbrokers = 2\nbroker.session.timeout.ms = 0",
        "3:29: cluster.broker.session.timeout.ms: 0 leaves no time for anything else: say at "
            + "least 1"),
    Mistake(
        "[cluster]\nbrokers = 2\n[workload]",
        "3:2: [workload] is for a quorum without brokers: write [producer.…]"),
    Mistake(
        "[cluster]\nbrokers = 2\n[snapshots]\nevery = 5",
        "3:2: [snapshots] is for a quorum without brokers"),
]

private let cluster = "[cluster]\nbrokers = 3\n"

let topicMistakes: [Mistake] = [
    Mistake(
        cluster + "topic = 3",
        "3:1: unknown key \"topic\" in [cluster]"),
    Mistake(
        cluster + "[topic.orders]\npartition = 3",
        "4:1: unknown key \"partition\" in [topic.…]; did you mean \"partitions\"?"),
    Mistake(
        cluster + "[topic.orders]\nmin.insync.replica = 2",
        "4:1: unknown key \"min.insync.replica\" in [topic.…]; did you mean "
            + "\"min.insync.replicas\"?"),
    Mistake(
        cluster + "[topic.orders]\nreplication.factor = 4",
        "4:22: topic.orders.replication.factor: 4 is not an integer from 1 to 3"),
    Mistake(
        cluster + "[topic.orders]\nreplicas = [1, 2]",
        "4:12: topic.orders.replicas: write a list for each partition: [[1, 2, 3], [2, 3, 1]]"),
    Mistake(
        cluster + "[topic.orders]\nreplicas = [[1, 4]]",
        "4:12: topic.orders.replicas: there is no broker 4: the brokers are 1, 2 and 3"),
    Mistake(
        cluster + "[topic.orders]\nreplicas = [[1, 1]]",
        "4:12: topic.orders.replicas: broker 1 stands there twice"),
    Mistake(
        cluster + "[topic.orders]\npartitions = 1\nreplicas = [[1, 2]]",
        "4:1: topic.orders.partitions: follows from \"replicas\""),
    Mistake(
        cluster + "[topic.\"a b\"]",
        "3:8: \"a b\" is no name for a topic"),
    Mistake(
        cluster + "[topic.orders]\nmin.compaction.lag.ms = 5\nmax.compaction.lag.ms = 4",
        "4:25: min.compaction.lag.ms: min.compaction.lag.ms is above max.compaction.lag.ms "
            + "(with max.compaction.lag.ms)"),
]

let clientMistakes: [Mistake] = [
    Mistake(
        cluster + "[producer.till]\ntopic = \"orders\"\nrecords = 1",
        "4:9: producer.till.topic: there is no topic \"orders\": say it in [topic.orders], or "
            + "have a step create it"),
    Mistake(
        cluster + "[topic.orders]\n[producer.till]\ntopic = \"order\"\nrecords = 1",
        "5:9: producer.till.topic: there is no topic \"order\": say it in [topic.order], or "
            + "have a step create it; did you mean \"orders\"?"),
    Mistake(
        cluster + "[topic.orders]\n[producer.till]\ntopic = \"orders-1\"\nrecords = 1",
        "5:10: producer.till.topic: there is no orders-1: orders has only partition 0"),
    Mistake(
        cluster + "[topic.orders]\n[producer.till]\ntopic = \"orders\"",
        "5:1: [producer.…] without end needs a pace: say \"every\" or \"records\""),
    Mistake(
        cluster + "[producer.till]\nrecords = 5",
        "4:1: [producer.…] has \"records\" and needs \"topic\": where to"),
    Mistake(
        cluster + "[producer.till]\nack = 1",
        "4:1: unknown key \"ack\" in [producer.…]; did you mean \"acks\"?"),
    Mistake(
        cluster + "[producer.till]\nacks = 2",
        "4:8: producer.till.acks: 2 is none of all, -1, 0, 1"),
    Mistake(
        cluster + "[producer.till]\nacks = 1\nenable.idempotence = true",
        "4:8: acks: idempotence, but acks is not all (with enable.idempotence)"),
    Mistake(
        cluster + "[producer.till]\ntransactional.id = \"x\"",
        "4:20: transactional.id: transactions are not simulated yet"),
    Mistake(
        cluster + "[producer.broker]",
        "3:11: [producer.broker]: \"broker\" means something else in steps"),
    Mistake(
        cluster + "[producer.\"a b\"]",
        "3:11: [producer.a b]: a name has letters, digits, \"-\" and \"_\""),
    Mistake(
        cluster + "[topic.t]\n[producer.till]\n[consumer.till]\nassign = [\"t\"]",
        "5:11: [consumer.till]: another client is called so"),
    Mistake(
        cluster + "[topic.t]\n[producer.till]\ntopic = \"t\"\nrecords = 1\nkeys = \"K9..K1\"",
        "7:8: producer.till.keys: write a list of keys, or a row of them as \"K0..K99\""),
    Mistake(
        cluster + "[topic.t]\n[producer.till]\ntopic = \"t\"\nrecords = 1\ntombstone = true\n"
            + "values = [\"x\"]",
        "7:1: producer.till.tombstone: a record has a value or it has none"),
    Mistake(
        cluster + "[consumer.billing]",
        "3:1: consumer.billing needs \"assign\": what it reads"),
    Mistake(
        cluster + "[topic.t]\n[consumer.billing]\nsubscribe = [\"t\"]",
        "5:1: consumer.billing.subscribe: groups are not simulated yet: say \"assign\""),
    Mistake(
        cluster + "[topic.t]\n[consumer.billing]\nassign = [\"t\"]\ngroup.id = \"g\"",
        "6:12: group.id: groups are not simulated yet"),
    Mistake(
        cluster + "[producer.till]\nfirst-epoch = 32768",
        "4:15: producer.till.first-epoch: 32768 is not an integer from 0 to 32767"),
    Mistake(
        cluster + "[producer.till]\nenable.idempotence = false\nfirst-sequence = 5",
        "5:1: producer.till.first-sequence: only an idempotent producer has one"),
    Mistake(
        cluster + "[topic.t]\n[consumer.billing]\nassign = [\"t\"]\npoll = 5",
        "6:8: consumer.billing.poll: expected a duration such as \"200ms\", found an "
            + "integer"),
    Mistake(
        cluster + "[topic.t]\n[consumer.billing]\nassign = [\"t\"]\nbootstrap = \"clients\"",
        "6:13: consumer.billing.bootstrap: write brokers with their numbers, or \"brokers\""),
]

private let busy = cluster + "[topic.orders]\n[producer.till]\n[[step]]\nat = \"1s\"\n"
private let read =
    cluster + "[topic.orders]\n[consumer.till]\nassign = [\"orders\"]\n[[step]]\nat = \"1s\"\n"

let clusterStepMistakes: [Mistake] = [
    Mistake(
        "[[step]]\nat = \"1s\"\nsend = \"till\"\nto = \"orders\"\nrecords = 1",
        "3:1: \"send\" needs brokers: say in [cluster] how many, brokers = 3"),
    Mistake(
        busy + "send = \"till\"\nrecords = 1",
        "7:1: \"send\" needs \"to\": a topic or a partition such as \"orders-0\""),
    Mistake(
        busy + "send = \"tll\"\nto = \"orders\"\nrecords = 1",
        "7:9: step[1].send: expected a target such as \"controller\", \"broker 2\" or "
            + "\"leader(orders-0)\", found \"tll\"; did you mean \"till\"?"),
    Mistake(
        busy + "propose = 5",
        "7:1: \"propose\" is for a quorum without brokers: here the controller writes what it "
            + "has to"),
    Mistake(
        busy + "hold = \"broker 1\"",
        "7:1: \"hold\" needs \"point\": one of \"noting\", \"joining\""),
    Mistake(
        busy + "hold = \"broker 1\"\npoint = \"notting\"",
        "8:9: step[1].point: unknown point \"notting\"; did you mean \"noting\"?"),
    Mistake(
        busy + "elect = \"prefered\"",
        "7:9: step[1].elect: unknown election \"prefered\"; did you mean \"preferred\"?"),
    Mistake(
        busy + "reassign = \"orders-0\"",
        "7:1: \"reassign\" needs \"replicas\": a list of brokers such as [1, 2, 3], or "
            + "\"cancel\""),
    Mistake(
        busy + "reassign = \"orders\"\nreplicas = [1]",
        "7:12: step[1].reassign: which partition of orders? write orders-0"),
    Mistake(
        busy + "delete-topic = \"orders-0\"",
        "7:16: step[1].delete-topic: this concerns a topic as a whole: write \"orders\""),
    Mistake(
        busy + "configure = \"topic order\"\nretention.ms = 5",
        "7:20: step[1].configure: there is no topic \"order\": say it in [topic.order], or have "
            + "a step create it; did you mean \"orders\"?"),
    Mistake(
        busy + "configure = \"topic orders\"\nretention.m = 5",
        "8:1: unknown key \"retention.m\" in a step; did you mean \"retention.ms\"?"),
    Mistake(
        busy + "configure = \"topic orders\"",
        "7:1: \"configure\" changes no setting: name one, or \"unset\" some"),
    Mistake(
        busy + "drop-request = \"JoinGroup\"",
        "7:16: step[1].drop-request: requests of the kind JoinGroup are not simulated"),
    Mistake(
        "[[step]]\nat = \"1s\"\ndrop-request = \"Produce\"",
        "3:16: step[1].drop-request: there is no Produce in a quorum without brokers"),
    Mistake(
        busy + "drop-request = \"Prodcue\"",
        "7:16: step[1].drop-request: unknown request \"Prodcue\"; did you mean \"Produce\"?"),
    Mistake(
        busy + "fail-request = \"Produce\"",
        "7:1: \"fail-request\" needs \"error\": "
            + "the name of an error such as \"NOT_LEADER_OR_FOLLOWER\""),
    Mistake(
        busy + "fail-request = \"Produce\"\nerror = \"NOT_LEADER\"",
        "8:9: step[1].error: unknown error \"NOT_LEADER\"; did you mean "
            + "\"NOT_LEADER_OR_FOLLOWER\"?"),
    Mistake(
        busy + "fail-request = \"Vote\"\nerror = \"NOT_CONTROLLER\"",
        "7:1: the quorum's own requests cannot be failed: drop Vote, or lose its reply"),
    Mistake(
        busy + "drop-request = \"Produce\"\nto = \"broker 1\"",
        "8:1: \"to\" means nothing with \"drop-request\"; did you mean \"receiver\"?"),
    Mistake(
        busy + "seek = \"till\"\nof = \"orders-0\"\noffset = 5",
        "7:1: step[1].seek: only consumers do that, and till is of the other kind"),
    Mistake(
        busy + "send = \"broker 1\"\nto = \"orders\"\nrecords = 1",
        "7:1: step[1].send: only producers do that, and that is a node"),
    Mistake(
        busy + "send = \"till\"\nto = \"orders\"\npartition = 4\nrecords = 1",
        "9:1: step[1].partition: there is no orders-4: orders has only partition 0"),
    Mistake(
        read + "seek = \"till\"\nof = \"orders-0\"\noffset = -5",
        "10:10: step[1].offset: an offset is not negative"),
    Mistake(
        read + "mute = \"till\"",
        "8:1: \"mute\" needs \"of\": a topic or a partition such as \"orders-0\""),
    Mistake(
        read + "look-up = \"till\"\nof = \"orders-0\"\noffset = \"begining\"",
        "10:10: step[1].offset: unknown end of the log \"begining\"; did you mean "
            + "\"beginning\"?"),
    Mistake(
        busy + "crash = \"controller\"\n[expect]\nsometimes = [\"till is past orders-0\"]",
        "9:23: expect.sometimes[1]: expected \"running\", \"down\", a target or another state, "
            + "found \"past\""),
    Mistake(
        busy + "crash = \"leader(orders-1)\"",
        "7:17: step[1].crash: there is no orders-1: orders has only partition 0"),
    Mistake(
        busy + "crash = \"controller\"\n[expect]\nsometimes = [\"till has 5 aknowledgements\"]",
        "9:26: expect.sometimes[1]: expected \"acknowledgements\", \"records\" or \"members\", "
            + "found \"aknowledgements\"; did you mean \"acknowledgements\"?"),
    Mistake(
        busy + "crash = \"controller\"\n[expect]\nsometimes = [\"till gets refused with X\"]",
        "9:38: expect.sometimes[1]: expected an error such as \"NOT_ENOUGH_REPLICAS\", "
            + "found \"X\""),
]
