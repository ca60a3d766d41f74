import NIOCore
import NIOHTTP1

/// Answers who watches a relay: `/healthz` and `/metrics`, nothing else.
final class MonitorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let figures: RelayFigures
    private var head: HTTPRequestHead?

    init(_ figures: RelayFigures) {
        self.figures = figures
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            if let head { answer(head, context) }
            head = nil
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (status, text) = response(to: request)
        let body = ByteBuffer(string: request.method == .HEAD ? "" : text)
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "content-type", value: "text/plain; version=0.0.4")
        head.headers.add(name: "content-length", value: "\(text.utf8.count)")
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }

    private func response(
        to request: HTTPRequestHead
    ) -> (status: HTTPResponseStatus, text: String) {
        guard request.method == .GET || request.method == .HEAD else {
            return (.methodNotAllowed, "only GET\n")
        }
        let figures = figures.snapshot
        switch request.uri {
        case "/healthz":
            return figures.isDraining ? (.serviceUnavailable, "draining\n") : (.ok, "ok\n")
        case "/metrics": return (.ok, MetricsText.text(figures))
        case let path: return (.notFound, "nothing is at \(path.prefix(100))\n")
        }
    }
}
