import FikaSync

/// Who is told on the event loop what comes through a connection.
protocol FrameReceiver: AnyObject {
    /// The connection is there.
    func opened(_ handler: FrameHandler)
    /// Frames that came in one turn of the event loop; their bytes count until they are taken.
    func received(_ group: FrameGroup, from handler: FrameHandler)
    /// Bytes that are no frame; nothing more comes.
    func broken(_ failure: Failure, from handler: FrameHandler)
    /// The connection is gone.
    func closed(_ handler: FrameHandler)
}
