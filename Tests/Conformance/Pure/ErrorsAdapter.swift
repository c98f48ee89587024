import Kafka

/// errors-and-apis.vec: the tables of error codes and API keys.
struct ErrorsAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "error":
            guard let error = KafkaError(rawValue: try operation.int("code")) else {
                throw VectorFormError(description: "no such code")
            }
            return "ok name=\(error.name) exception=\(error.exception ?? "-")"
                + " retriable=\(error.isRetriable) invalid-metadata=\(error.isInvalidMetadata)"
                + " parents=[\(error.parents.joined(separator: ","))]"
        case "api":
            guard let api = APIKey(rawValue: try operation.int("key")) else {
                throw VectorFormError(description: "no such key")
            }
            return "ok \(describe(api))"
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func describe(_ api: APIKey) -> String {
        var listeners: [String] = []
        if api.isAnsweredByBrokers { listeners.append("broker") }
        if api.isAnsweredByControllers { listeners.append("controller") }
        var text = "name=\(api.name) valid=\(api.versions != nil)"
        text += " min=\(api.versions?.lowerBound ?? 0) max=\(api.versions?.upperBound ?? -1)"
        text += " unstable=\(api.newestVersion ?? -1)"
        text += " listeners=[\(listeners.joined(separator: ","))]"
        text += " cluster-action=\(api.isClusterAction) forwardable=\(api.isForwardable)"
        if api.versions == nil { return text }
        let requests = [false, true].map { "\(api.requestHeader(newest: $0))" }
        let responses = [false, true].map { "\(api.responseHeader(newest: $0))" }
        text += " request-header=[\(requests.joined(separator: ","))]"
        return text + " response-header=[\(responses.joined(separator: ","))]"
    }
}
