package import FikaWire

/// The body of the op that turns one switch of a poll.
package struct PollSettingChange: OpBody {
    package let basis: Basis
    package let setting: PollSetting
    package let isOn: Bool

    package init(basis: Basis, setting: PollSetting, isOn: Bool) {
        self.basis = basis
        self.setting = setting
        self.isOn = isOn
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        basis = try Basis(from: &reader)
        setting = try reader.readCase(PollSetting.self)
        isOn = try reader.readBool()
    }

    package func encode(to writer: inout ByteWriter) {
        basis.encode(to: &writer)
        writer.write(byte: setting.rawValue)
        writer.write(bool: isOn)
    }
}
