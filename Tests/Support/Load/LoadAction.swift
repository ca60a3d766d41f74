/// What the load does next; counted, so that its proportions can be seen.
package enum LoadAction: Int, CaseIterable, Sendable {
    case introduction, create, grant
    case message, poll, edit, delete, reaction, takeBack, pin, vote
}
