import Kernel

/// Which dynamic settings the controller accepts (ControllerConfigurationValidator).
extension Controller {
    /// All that the resource would have. Settings of brokers are checked by brokers before they
    /// pass them on; what comes straight to the controller is taken as it is.
    func validate(
        _ values: ForkableMap<String, String>, of resource: ConfigResource
    ) throws(RequestFailure) {
        let texts = values.map { (name: $0.key, text: $0.value) }
        do {
            switch resource {
            case .topic: _ = try Settings.checkedTopic(texts)
            case .group: _ = try Settings.checkedGroup(texts, broker: Settings(.broker, []))
            case .cluster, .broker: break
            }
        } catch {
            throw .refused(.invalidConfig)
        }
        if case .topic(let name) = resource, !TopicName.isValid(name) {
            throw .refused(.invalidTopicException)
        }
        if generation.has(.minISRNotANumber), let value = values[minISRKey],
            Int32(value).map({ $0 < 1 }) ?? true
        {
            throw .refused(.invalidConfig)
        }
    }

    /// With eligible leader replicas the number must be the same for all controllers, and be there.
    func checkMinISRUnderELR(
        _ resource: ConfigResource, _ value: String?
    ) throws(RequestFailure) {
        switch resource {
        case .broker: throw .refused(.invalidConfig)
        case .cluster: if value == nil { throw .refused(.invalidConfig) }
        case .topic, .group: break
        }
    }

    func checkExistence(of resource: ConfigResource) throws(RequestFailure) {
        switch resource {
        case .topic(let name):
            if !state.image.topicIDs.contains(name) { throw .refused(.unknownTopicOrPartition) }
        case .broker(let node):
            let isController = node == id || settings.controllers.contains(node)
            if !isController, !state.image.brokers.contains(node) {
                throw .refused(.brokerIDNotRegistered)
            }
        case .cluster, .group: break
        }
    }
}
