/// What happens, to whom, and what belongs to it.
let stepMistakes: [Mistake] = [
    Mistake(
        "[[step]]\ncrash = \"controller\"",
        "1:1: a step needs one of \"at\", \"when\" and \"after\""),
    Mistake(
        "[[step]]\nat = \"1s\"",
        "1:1: a step needs something to do, such as crash = \"controller\""),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller\"\nwhen = \"controller 1 leads\"",
        "4:1: a step has only one of \"at\", \"when\" and \"after\""),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller\"\npause = \"controller\"",
        "4:1: a step does one thing, and this one has \"crash\" already"),
    Mistake(
        "[[step]]\nat = \"1s\"\nkill = \"controller\"",
        "3:1: unknown key \"kill\" in a step; did you mean \"crash\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrahs = \"controller\"",
        "3:1: unknown key \"crahs\" in a step; did you mean \"crash\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller\"\nwibble = 1",
        "4:1: unknown key \"wibble\" in a step"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"leader\"",
        "3:10: step[1].crash: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found \"leader\"; did you mean \"controller\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"contoller\"",
        "3:10: step[1].crash: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found \"contoller\"; did you mean \"controller\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"voter\"",
        "3:15: step[1].crash: expected the number of the voter, found the end of the text"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"voter 9\"",
        "3:16: step[1].crash: there is no voter 9: the voters are 1, 2 and 3"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"observer 1\"",
        "3:19: step[1].crash: there is no observer 1: the cluster has none"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller 4\"",
        "3:21: step[1].crash: there is no controller 4: the controllers are 1, 2 and 3"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"node 17\"",
        "3:15: step[1].crash: there is no node 17: the nodes are 1, 2 and 3"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"follower 3\"",
        "3:19: step[1].crash: there is no follower 3: the controller has 2"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"follower 0\"",
        "3:19: step[1].crash: there is no follower 0: the controller has 2"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"any\"",
        "3:13: step[1].crash: expected \"voter\", \"observer\", \"follower\" or \"node\", "
            + "found the end of the text"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"any controller\"",
        "3:14: step[1].crash: expected \"voter\", \"observer\", \"follower\" or \"node\", "
            + "found \"controller\"; did you mean \"voter\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"every votre\"",
        "3:16: step[1].crash: expected \"voter\", \"observer\", \"follower\" or \"node\", "
            + "found \"votre\"; did you mean \"voter\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"voter 1 voter 2\"",
        "3:18: step[1].crash: did not expect \"voter\" here"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"voter 1,\"",
        "3:18: step[1].crash: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found the end of the text"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"\"",
        "3:10: step[1].crash: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found the end of the text"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = 3",
        "3:9: step[1].crash: expected a target such as \"controller\" or \"voter 2\", "
            + "found an integer"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = { any = [\"voter 1\", \"voter 7\"] }",
        "3:36: step[1].crash.any[2]: there is no voter 7: the voters are 1, 2 and 3"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"voter 99999999999999999999\"",
        "3:16: step[1].crash: expected the number of the voter, found \"99999999999999999999\""),
    Mistake(
        "[cluster]\ncontrollers = 2\nobservers = 2\n[[step]]\nat = \"1s\"\ncrash = \"observer 2\"",
        "6:19: step[1].crash: there is no observer 2: 2 is a voter, the observers are 3 and 4"),
    Mistake(
        "[cluster]\ncontrollers = \"1..2\"\nobservers = 7\n[[step]]\nat = \"1s\"\ncrash = "
            + "\"observer 10\"",
        "6:19: step[1].crash: there is no observer 10: the observers are 2 to 9"),
    Mistake(
        "[cluster]\ncontrollers = 1\n[[step]]\nat = \"1s\"\ncrash = \"follower 1\"",
        "5:19: step[1].crash: there is no follower 1: the controller has 0"),
    Mistake(
        "[[step]]\nat = \"90s\"\ncrash = \"controller\"",
        "2:6: step[1].at: the run ends at 1m"),
    Mistake(
        "[[step]]\nat = 5\ncrash = \"controller\"",
        "2:6: step[1].at: expected a duration such as \"200ms\", found an integer"),
    Mistake(
        "[[step]]\nat = \"20s..1s\"\ncrash = \"controller\"",
        "2:6: step[1].at: the range \"20s..1s\" ends before it begins"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller\"\nlasting = \"5s\"",
        "4:1: \"lasting\" means nothing with \"crash\", which is over at once"),
    Mistake(
        "[[step]]\nat = \"1s\"\ncrash = \"controller\"\nfrom = \"voters\"",
        "4:1: \"from\" means nothing with \"crash\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nisolate = \"controller\"\nby = \"1s\"",
        "4:1: \"by\" means nothing with \"isolate\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nisolate = \"controller\"\ndirection = \"out\"",
        "4:13: step[1].direction: unknown direction \"out\"; expected one of \"both\", "
            + "\"outgoing\", \"incoming\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nisolate = \"controller\"\nconnections = \"stal\"",
        "4:15: step[1].connections: unknown word \"stal\"; did you mean \"stall\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\nclog = \"controller\"",
        "3:1: \"clog\" needs \"by\": a duration such as \"200ms\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nclog = \"controller\"\nby = \"slow\"",
        "4:6: step[1].by: a duration is a number and a unit, such as \"200ms\" or \"1.5s\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nswizzle = \"voters\"\nby = \"1s\"\nwithin = \"0s\"",
        "5:10: step[1].within: must be more than 0"),
    Mistake(
        "[[step]]\nat = \"1s\"\njump-clock = \"voter 1\"\nby = \"--5s\"",
        "4:6: step[1].by: a duration cannot be negative"),
    Mistake(
        "[[step]]\nat = \"1s\"\nflip-bit = \"voter 1\"\nplace = \"head\"",
        "4:9: step[1].place: unknown place \"head\"; expected one of \"tail\", \"anywhere\""),
    Mistake(
        "[[step]]\nat = \"1s\"\ndrop-request = \"Fetsh\"",
        "3:16: step[1].drop-request: unknown request \"Fetsh\"; did you mean \"Fetch\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\ndrop-request = \"Produce\"",
        "3:16: step[1].drop-request: there is no Produce in a quorum without brokers"),
    Mistake(
        "[[step]]\nat = \"1s\"\ndrop-request = \"Fetch\"\ncount = 0",
        "4:9: step[1].count: 0 is not an integer from 1 to 1000000000"),
    Mistake(
        "[[step]]\nat = \"1s\"\ndrop-request = \"Fetch\"\ncount = \"some\"",
        "4:9: step[1].count: expected an integer from 1, or \"all\", found a text"),
    Mistake(
        "[[step]]\nat = \"1s\"\ndelay-request = \"any\"",
        "3:1: \"delay-request\" needs \"by\": a duration such as \"200ms\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nheal = \"networks\"",
        "3:8: step[1].heal: unknown thing to heal \"networks\"; did you mean \"network\"?"),
    Mistake(
        "[[step]]\nat = \"1s\"\nheal = \"cut\"",
        "3:8: step[1].heal: unknown thing to heal \"cut\"; expected one of \"all\", "
            + "\"network\", \"disks\", \"clocks\", \"requests\", \"processes\""),
    Mistake(
        "[[step]]\nat = \"1s\"\nheal = true",
        "3:8: step[1].heal: expected one of \"all\", \"network\", \"disks\", \"clocks\", "
            + "\"requests\", \"processes\", found true or false"),
    Mistake(
        "[[step]]\nat = \"1s\"\nname = \"all\"\ncrash = \"controller\"",
        "3:8: step[all].name: \"all\" means something already"),
    Mistake(
        "[[step]]\nat = \"1s\"\nresign = \"voter 1\"",
        "3:10: step[1].resign: unknown target \"voter 1\"; expected \"controller\""),
    Mistake(
        "[[step]]\nat = \"1s\"\npropose = 0",
        "3:11: step[1].propose: 0 is not an integer from 1 to 10000"),
    Mistake(
        "[[step]]\nat = \"1s\"\nupgrade-kraft-version = 2",
        "3:25: step[1].upgrade-kraft-version: 2 is not an integer from 0 to 1"),
]

/// Conditions and events in words.
let phraseMistakes: [Mistake] = [
    Mistake(
        "[[step]]\nwhen = \"controller 2 leeds\"\ncrash = \"controller\"",
        "2:22: step[1].when: expected \"leads\", \"is\" or \"reaches\", found \"leeds\"; "
            + "did you mean \"leads\"?"),
    Mistake(
        "[[step]]\nwhen = \"controller 2\"\ncrash = \"controller\"",
        "2:21: step[1].when: expected \"leads\", \"is\" or \"reaches\", found the end of the text"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 is\"\ncrash = \"controller\"",
        "2:24: step[1].when: expected \"leader\", \"running\", \"down\" or another state, "
            + "found the end of the text"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 is laeder\"\ncrash = \"controller\"",
        "2:25: step[1].when: expected \"leader\", \"running\", \"down\" or another state, "
            + "found \"laeder\"; did you mean \"leader\"?"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 reaches 5\"\ncrash = \"controller\"",
        "2:30: step[1].when: expected \"epoch\", \"log end\" or \"high watermark\", found \"5\""),
    Mistake(
        "[[step]]\nwhen = \"controller 2 reaches epoch\"\ncrash = \"controller\"",
        "2:35: step[1].when: expected a number, found the end of the text"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 reaches epoch five\"\ncrash = \"controller\"",
        "2:36: step[1].when: expected a number, found \"five\""),
    Mistake(
        "[[step]]\nwhen = \"epoch is 3\"\ncrash = \"controller\"",
        "2:15: step[1].when: expected \"reaches\", found \"is\""),
    Mistake(
        "[[step]]\nwhen = \"epoch reaches 3000000000\"\ncrash = \"controller\"",
        "2:23: step[1].when: an epoch is at most 2147483647"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 leads and\"\ncrash = \"controller\"",
        "2:31: step[1].when: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found the end of the text"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 leads, epoch reaches 3\"\ncrash = \"controller\"",
        "2:27: step[1].when: did not expect \",\" here"),
    Mistake(
        "[[step]]\nwhen = \"voter 5 leads\"\ncrash = \"controller\"",
        "2:15: step[1].when: there is no voter 5: the voters are 1, 2 and 3"),
    Mistake(
        "[[step]]\nwhen = \"controller 2 crashes\"\ncrash = \"controller\"",
        "2:22: step[1].when: \"crashes\" is an event, not a state"),
    Mistake(
        "[[step]]\nwhen = \"the moon is down\"\ncrash = \"controller\"",
        "2:13: step[1].when: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found \"moon\""),
    Mistake(
        "[[step]]\nwhen = \"somebody wins\"\ncrash = \"controller\"",
        "2:9: step[1].when: expected a target such as \"controller\", \"voter 2\" or \"any "
            + "voter\", found \"somebody\""),
    Mistake(
        "[[step]]\nafter = \"voter 1 leads\"\ncrash = \"controller\"",
        "2:18: step[1].after: \"leads\" is a state, not an event"),
    Mistake(
        "[[step]]\nafter = \"voter 1 becoms leader\"\ncrash = \"controller\"",
        "2:18: step[1].after: expected something that happens, such as \"becomes leader\", "
            + "found \"becoms\"; did you mean \"becomes leader\"?"),
    Mistake(
        "[[step]]\nafter = \"voter 1 becomes king\"\ncrash = \"controller\"",
        "2:18: step[1].after: expected something that happens, such as \"becomes leader\", "
            + "found \"becomes\"; did you mean \"becomes leader\"?"),
    Mistake(
        "[[step]]\nafter = \"voter 1\"\ncrash = \"controller\"",
        "2:17: step[1].after: expected something that happens, such as \"becomes leader\", "
            + "found the end of the text"),
    Mistake(
        "[[step]]\nafter = \"voter 1 appends at offset\"\ncrash = \"controller\"",
        "2:35: step[1].after: expected an offset, found the end of the text"),
    Mistake(
        "[[step]]\nafter = \"voter 1 appends 0 times\"\ncrash = \"controller\"",
        "2:26: step[1].after: expected \"3 times\" or \"10 records\""),
    Mistake(
        "[[step]]\nafter = \"voter 1 appends 3\"\ncrash = \"controller\"",
        "2:26: step[1].after: expected \"3 times\" or \"10 records\""),
    Mistake(
        "[[step]]\nafter = \"voter 1 appends in epoch 3000000000\"\ncrash = \"controller\"",
        "2:35: step[1].after: an epoch is at most 2147483647"),
    Mistake(
        "[[step]]\nafter = \"voter 1 appends quickly\"\ncrash = \"controller\"",
        "2:26: step[1].after: expected \"in epoch 3\", \"at offset 12\" or \"3 times\", "
            + "found \"quickly\""),
    Mistake(
        "[[step]]\nafter = \"voter 1 writes\"\ncrash = \"controller\"",
        "2:18: step[1].after: expected something that happens, such as \"becomes leader\", "
            + "found \"writes\"; did you mean \"writes snapshot\"?"),
    Mistake(
        "[[step]]\nafter = \"elephants crash\"\ncrash = \"controller\"",
        "2:10: step[1].after: expected a target such as \"controller\", \"voter 2\" or "
            + "\"any voter\", found \"elephants\""),
    Mistake(
        "[[step]]\nafter = \"voter 7 crashes\"\ncrash = \"controller\"",
        "2:16: step[1].after: there is no voter 7: the voters are 1, 2 and 3"),
]

/// What must come of a run.
let expectationMistakes: [Mistake] = [
    Mistake(
        "[expect]\nviolates = [\"raft-log-maching\"]",
        "2:13: expect.violates[1]: unknown guarantee \"raft-log-maching\"; did you mean "
            + "\"raft-log-matching\"?"),
    Mistake(
        "[expect]\nviolates = \"raft-log-matching\"",
        "2:12: expect.violates: expected a list, found a text"),
    Mistake(
        "[expect]\nviolates = [\"everything\"]",
        "2:13: expect.violates[1]: unknown guarantee \"everything\""),
    Mistake(
        "[expect]\nviolates = [\"raft-log-matching\"]\nholds = [\"raft-log-matching\"]",
        "3:10: expect.holds: \"raft-log-matching\" stands in \"violates\" as well"),
    Mistake(
        "[expect]\nhold = []",
        "2:1: unknown key \"hold\" in [expect]; did you mean \"holds\"?"),
    Mistake(
        "[expect]\nsometimes = [\"controller 9 leads\"]",
        "2:26: expect.sometimes[1]: there is no controller 9: the controllers are 1, 2 and 3"),
    Mistake(
        "[expect]\nsometimes = [\"any voter truncats\"]",
        "2:25: expect.sometimes[1]: expected a state or an event, found \"truncats\"; did "
            + "you mean \"truncates\"?"),
    Mistake(
        "[expect]\nsometimes = [1]",
        "2:14: expect.sometimes[1]: expected a condition or an event in words, found an integer"),
    Mistake(
        "[expect]\neventually = [\"any voter crashes\"]",
        "2:26: expect.eventually[1]: \"crashes\" is an event, not a state"),
    Mistake(
        "[expect]\neventually = [\"every voter runs\"]",
        "2:28: expect.eventually[1]: expected \"leads\", \"is\" or \"reaches\", found \"runs\""),
    Mistake(
        "[expect]\nnever = [\"any voter truncats\"]",
        "2:21: expect.never[1]: expected a state or an event, found \"truncats\"; did "
            + "you mean \"truncates\"?"),
    Mistake(
        "[fixed]\nviolates = []",
        "1:1: [fixed] needs \"by\": the name of a fix such as \"KIP-996\""),
    Mistake(
        "[fixed]\nby = [\"KIP-969\"]",
        "2:7: fixed.by[1]: unknown fix \"KIP-969\"; did you mean \"KIP-996\"?"),
    Mistake(
        "[fixed]\nby = [\"KIP-996\"]\nwith = []",
        "3:1: unknown key \"with\" in [fixed]; did you mean \"by\"?"),
    Mistake(
        "[fixed]\nby = [\"KIP-996\"]\nviolates = [\"duplicate\"]\nholds = [\"duplicate\"]",
        "4:10: fixed.holds: \"duplicate\" stands in \"violates\" as well"),
]
