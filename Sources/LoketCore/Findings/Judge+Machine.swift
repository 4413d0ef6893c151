// Rules for findings, part 3: data, clock, disk, losses, backups and silence of a service.

// MARK: Data and clock

func damagedData(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    let bills = counts.damagedBills
    let clauses = (bills.count > 0 ? [damagedBills(bills)] : []) + counts.damages
    guard !clauses.isEmpty else { return nil }
    let show = bills.oldestID.map { "loket bills show \($0)" }
    return Finding(
        .damagedData, "Data is damaged: " + clauses.joined(separator: "; ") + ".",
        since: bills.since ?? now, requestID: bills.requestID,
        command: show ?? way(clauses, else: "loket check"))
}

private func damagedBills(_ bills: ServiceCounts.Waiting) -> String {
    let isOne = bills.count == 1
    let first = bills.oldestID.map(String.init) ?? "ID"
    let which = isOne ? "bill \(first)" : "\(bills.count) bills, starting with bill \(first),"
    return "\(which) \(isOne ? "does" : "do") not match the checksum, and inquiries for "
        + "\(isOne ? "it" : "them") are declined: " + damagedBillRemedy(first)
}

/// Returns the instructions for recovering a damaged bill.
///
/// - Parameter id: the bill's id.
package func damagedBillRemedy(_ id: String) -> String {
    "cancel the bill (`loket bills cancel \(id)`) and create it again with another invoice number, "
        + "or restore a backup"
}

/// Returns the restore command if a clause mentions it, for only it helps then; else `command`.
func way(_ clauses: [String], else command: String) -> String {
    clauses.contains { $0.contains("`loket restore") } ? "loket restore FILE" : command
}

func clockOff(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    let limit = Limits.clockSkewMilliseconds
    let command = "timedatectl set-ntp true"
    if let last = counts.lastInquiryAt, now.adding(milliseconds: limit) < last {
        let behind = span(milliseconds: last.milliseconds - now.milliseconds)
        return Finding(
            .clockOff,
            "This machine's clock is \(behind) behind the newest recorded inquiry: the "
                + "clock is wrong now, or was wrong when the inquiry was recorded.",
            since: now, requestID: counts.lastInquiryID, command: command)
    }
    guard let skew = counts.skewMilliseconds, abs(skew) > limit else { return nil }
    let distance = "\(span(milliseconds: skew)) \(skew > 0 ? "ahead of" : "behind")"
    return Finding(
        .clockOff,
        "This machine's clock is \(distance) DOKU's clock in the latest inquiries: correct this "
            + "machine's clock. Inquiries whose time differs too much are refused.",
        since: now, requestID: counts.lastInquiryID, command: command)
}

// MARK: Disk and losses

func diskLow(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    counts.disk.map { disk in
        Finding(
            .diskLow,
            "The disk of the database has \(disk.freeBytes >> 20) MiB free, but "
                + "\(disk.keptBytes >> 20) MiB are reserved for notifications and pending writes "
                + "(see `limits.disk_reserve_mib`). Imports, backups and new bills are refused "
                + "until you free space.",
            since: now, command: "df -h")
    }
}

func journalLost(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    lost(counts.journal, now).map {
        Finding(
            .journalLost,
            "\(counted(counts.journal.count, "inquiry is", "inquiries are")) missing from the "
                + "journal since the service started: the disk is too slow. Check which other "
                + "programs write to the disk.",
            since: $0, command: "loket status")
    }
}

func logLost(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    lost(counts.log, now).map {
        Finding(
            .logLost,
            "\(counted(counts.log.count, "log line was", "log lines were")) lost since the "
                + "service started: the program that reads standard output has stopped or is too "
                + "slow.",
            since: $0, command: "loket status")
    }
}

private func lost(_ loss: ServiceCounts.Loss, _ now: Moment) -> Moment? {
    guard loss.count > 0, let last = loss.last else { return nil }
    return now.milliseconds - last.milliseconds < Limits.lossMilliseconds ? last : nil
}

// MARK: Failed and missing operations

func reloadRefused(_ counts: ServiceCounts) -> Finding? {
    counts.reload.map {
        Finding(
            .reloadRefused,
            "The settings were not reloaded, and the previous settings stay active: \($0.reason).",
            since: $0.since, command: "loket check")
    }
}

func reconciliationFailing(_ counts: ServiceCounts) -> Finding? {
    counts.reconciliation.map {
        Finding(
            .reconciliationFailing,
            "loket cannot check with DOKU which invoices were paid: \($0.reason).",
            since: $0.since, command: "loket reconcile")
    }
}

func backupOld(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    if let timer = counts.backupTimer { return backupMissing(timer, counts, now) }
    guard let last = counts.lastBackupAt else { return nil }
    let due = last.adding(milliseconds: Limits.backupDaysMax * 86_400_000)
    guard now >= due else { return nil }
    let days = (now.milliseconds - last.milliseconds) / 86_400_000
    return Finding(
        .backupOld, "The last backup was taken \(days) days ago.", since: due,
        command: "loket backup loket-\(now.utcText.prefix(10)).db")
}

/// Returns the finding if the timer's backup failed or is overdue.
private func backupMissing(
    _ timer: ServiceCounts.BackupTimer, _ counts: ServiceCounts, _ now: Moment
) -> Finding? {
    let age = counts.lastBackupAt.map {
        "the last backup was taken \(span(milliseconds: now.milliseconds - $0.milliseconds)) ago"
    }
    if let failing = timer.failing {
        return Finding(
            .backupOld, "The backup failed: \(failing.reason)\(age.map { "; \($0)" } ?? "").",
            since: failing.since, command: "loket check")
    }
    // A service that was stopped for days first gets time to take a backup.
    let first = counts.startedAt.adding(milliseconds: Limits.firstBackupMilliseconds)
    let due = counts.lastBackupAt?.adding(milliseconds: 2 * timer.everyMilliseconds) ?? first
    guard now >= max(due, first) else { return nil }
    let hours = timer.everyMilliseconds / 3_600_000
    return Finding(
        .backupOld, "A backup is due every \(hours) h, but \(age ?? "there is no backup yet").",
        since: max(due, first), command: "loket check")
}

func nobodyAsks(_ counts: ServiceCounts, _ now: Moment) -> Finding? {
    guard counts.silenceHours > 0 else { return nil }
    let last = max(counts.lastInquiryAt ?? counts.startedAt, counts.startedAt)
    let due = last.adding(milliseconds: Int64(counts.silenceHours) * 3_600_000)
    guard now >= due else { return nil }
    return Finding(
        .nobodyAsks,
        "No verified inquiry was received for \(counts.silenceHours) hours: DOKU, or the proxy in "
            + "front of this service, may be unable to reach it.",
        since: due, command: "loket check")
}
