// Where a request came in and what is signed there, by the settings: for the diagnosis of one that
// did not verify.

import DokuWire

extension SignatureDiagnosis.Place {
    init(_ gateway: Settings.Gateway, isNotification: Bool) {
        let inquiry = [gateway.inquirySignedPath, gateway.inquiryPath]
        let notification = [gateway.notificationSignedPath, gateway.notificationPath]
        self.init(
            target: isNotification ? gateway.notificationPath : gateway.inquiryPath,
            signedPath: isNotification
                ? gateway.notificationSignedPath : gateway.inquirySignedPath,
            setting: isNotification
                ? "gateway.notification_signed_path" : "gateway.inquiry_signed_path",
            otherPaths: isNotification ? inquiry : notification,
            judgesTimestamp: !isNotification)
    }
}

extension SignatureDiagnosis.Signer {
    init(_ account: Settings.Account) {
        self.init(clientID: account.clientID, secrets: account.secrets)
    }
}
