package import FikaCRDT
package import FikaLog

/// An op as it is put into the views: its header, its body as it lies in the segment, its place.
package struct ViewOp {
    package var key: OpKey
    /// The row of its log.
    package var log: Int64
    package var dot: Dot
    package var kind: Kind
    package var time: HybridTime
    package var target: Dot?
    package var origin: Origin?
    /// The body's bytes; what stays of it once erased.
    package var body: ArraySlice<UInt8>
    package var isErased: Bool
    /// The relay's position; nil while pending.
    package var position: UInt64?
    /// When the relay accepted it, in milliseconds of the relay's clock.
    package var acceptedAt: UInt64?

    package init(
        key: OpKey, log: Int64, dot: Dot, kind: Kind, time: HybridTime, target: Dot? = nil,
        origin: Origin? = nil, body: ArraySlice<UInt8>, isErased: Bool = false,
        position: UInt64? = nil, acceptedAt: UInt64? = nil
    ) {
        self.key = key
        self.log = log
        self.dot = dot
        self.kind = kind
        self.time = time
        self.target = target
        self.origin = origin
        self.body = body
        self.isErased = isErased
        self.position = position
        self.acceptedAt = acceptedAt
    }
}
