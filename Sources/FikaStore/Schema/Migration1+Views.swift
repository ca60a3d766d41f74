extension Migration1 {
    /// The views: derived from the log, disposable, rebuilt at will.
    ///
    /// Ops stand in them as op keys. The key of a row is that of its row id; of an imported line
    /// that is here several times, the key of the one that came first, which need not be the one
    /// that is shown (`placed`).
    static let views = """
        CREATE TABLE person (
            id INTEGER PRIMARY KEY,
            is_user INTEGER NOT NULL, -- 0: a name from where rows were imported from
            name TEXT NOT NULL,
            UNIQUE (name, is_user)
        ) STRICT;

        CREATE TABLE writer (
            replica INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            person INTEGER, -- NULL for relays
            pending INTEGER NOT NULL, -- ops without a position
            pending_first INTEGER, -- raw times between which pending content was judged
            pending_last INTEGER,
            position INTEGER NOT NULL, -- highest of its content
            content_seq INTEGER NOT NULL, -- lowest of its content, 0 without any
            seq INTEGER NOT NULL, -- highest held
            row_time INTEGER NOT NULL -- highest raw time of its rows
        ) STRICT;
        CREATE INDEX writer_by_log ON writer (log, row_time);
        CREATE INDEX writer_pending ON writer (log) WHERE pending > 0;

        CREATE TABLE row (
            op INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            time INTEGER NOT NULL, -- raw
            kind INTEGER NOT NULL,
            detail INTEGER NOT NULL, -- imported: its type; grant: its role
            author INTEGER NOT NULL, -- person
            marks INTEGER NOT NULL, -- bits: see RowMarks
            unread INTEGER NOT NULL, -- 1 unread, 2 and mentions me
            text TEXT NOT NULL,
            reply INTEGER,
            placed INTEGER, -- op that gives place and author, where it is another
            edit_time INTEGER,
            edit_op INTEGER -- the edit that gives the text
        ) STRICT;
        CREATE INDEX row_by_time ON row (log, time);
        CREATE INDEX row_unread ON row (log, time) WHERE unread > 0;

        CREATE TABLE mention (
            row INTEGER NOT NULL,
            person INTEGER NOT NULL,
            PRIMARY KEY (row, person)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reaction (
            row INTEGER NOT NULL,
            emoji TEXT NOT NULL,
            person INTEGER NOT NULL,
            is_on INTEGER NOT NULL,
            time INTEGER NOT NULL,
            op INTEGER NOT NULL,
            PRIMARY KEY (row, emoji, person)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pin (
            op INTEGER PRIMARY KEY, -- id of the pin op
            row INTEGER NOT NULL,
            person INTEGER NOT NULL,
            time INTEGER NOT NULL,
            written INTEGER NOT NULL -- op that gives the stamp
        ) STRICT;
        CREATE INDEX pin_by_row ON pin (row);

        CREATE TABLE unpinned (
            pin INTEGER PRIMARY KEY,
            log INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE deletion (
            op INTEGER PRIMARY KEY, -- a delete that counts
            log INTEGER NOT NULL,
            row INTEGER NOT NULL,
            is_final INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX deletion_by_row ON deletion (row);
        CREATE INDEX deletion_open ON deletion (log) WHERE is_final = 0;

        CREATE TABLE aimed (
            target INTEGER NOT NULL, -- op key as named, of an op held or not
            op INTEGER NOT NULL, -- a salted op aimed at it, no reply
            log INTEGER NOT NULL,
            PRIMARY KEY (target, op)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE poll (
            row INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            settings INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE poll_setting (
            op INTEGER PRIMARY KEY, -- id of a setting op that counts
            row INTEGER NOT NULL,
            setting INTEGER NOT NULL,
            is_on INTEGER NOT NULL,
            time INTEGER NOT NULL,
            written INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX poll_setting_by_row ON poll_setting (row);

        CREATE TABLE poll_option (
            row INTEGER NOT NULL,
            option INTEGER NOT NULL, -- -n: the poll's n-th; else the id of the op that added it
            rank BLOB NOT NULL,
            time INTEGER NOT NULL,
            written INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (row, option)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE poll_text (
            row INTEGER NOT NULL,
            option INTEGER NOT NULL, -- as above; 0: the question
            time INTEGER NOT NULL,
            written INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (row, option)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE poll_removed (
            row INTEGER NOT NULL,
            option INTEGER NOT NULL,
            PRIMARY KEY (row, option)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE vote (
            row INTEGER NOT NULL,
            person INTEGER NOT NULL,
            option INTEGER NOT NULL,
            is_on INTEGER NOT NULL,
            time INTEGER NOT NULL,
            op INTEGER NOT NULL,
            PRIMARY KEY (row, person, option)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alias (
            op INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            stands_for INTEGER NOT NULL -- key of the row, or the id of the op
        ) STRICT;
        CREATE INDEX alias_by_id ON alias (stands_for);

        CREATE TABLE copy (
            op INTEGER PRIMARY KEY, -- a re-homed op that access lets in
            log INTEGER NOT NULL,
            origin INTEGER NOT NULL,
            body_hash BLOB NOT NULL, -- that it had there
            position INTEGER,
            state INTEGER NOT NULL, -- 0 new, 1 stands, 2 alias, 3 waits, 4 ignored
            id INTEGER NOT NULL -- of state 1 and 2: where it stands, or for what
        ) STRICT;
        CREATE INDEX copy_by_origin ON copy (origin);

        CREATE TABLE import_run (
            replica INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            channel TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE import_key (
            key INTEGER NOT NULL,
            log INTEGER NOT NULL, -- the key says which, but an erased op's residue may lie
            row INTEGER NOT NULL,
            PRIMARY KEY (key, log)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outcome (
            op INTEGER PRIMARY KEY, -- an op that does not count
            log INTEGER NOT NULL,
            state INTEGER NOT NULL, -- see Outcome
            waits_for INTEGER, -- op key
            reason INTEGER -- of a close
        ) STRICT;
        CREATE INDEX outcome_by_wait ON outcome (waits_for) WHERE waits_for IS NOT NULL;
        CREATE INDEX outcome_by_log ON outcome (log, state);

        CREATE TABLE access_op (
            op INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            time INTEGER NOT NULL,
            position INTEGER,
            target INTEGER,
            other_branch INTEGER NOT NULL, -- of a close
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX access_op_by_log ON access_op (log);

        CREATE TABLE member (
            log INTEGER NOT NULL,
            person INTEGER NOT NULL,
            role INTEGER NOT NULL,
            PRIMARY KEY (log, person)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE read_interval (
            replica INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (replica, first)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE log_flag (
            log INTEGER NOT NULL,
            flag INTEGER NOT NULL,
            is_on INTEGER NOT NULL,
            time INTEGER NOT NULL,
            op INTEGER NOT NULL,
            PRIMARY KEY (log, flag)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE room_summary (
            log INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL, -- see LogKind+Stored
            is_member INTEGER NOT NULL,
            is_read_only INTEGER NOT NULL, -- holds an unknown critical kind
            name TEXT NOT NULL,
            name_time INTEGER NOT NULL,
            name_op INTEGER, -- NULL: no name yet
            about TEXT NOT NULL,
            about_time INTEGER NOT NULL,
            about_op INTEGER,
            last_time INTEGER NOT NULL,
            last_row INTEGER, -- NULL: no rows
            rows INTEGER NOT NULL,
            unread INTEGER NOT NULL,
            mentions INTEGER NOT NULL,
            read_time INTEGER NOT NULL, -- of the latest row that was read
            read_row INTEGER
        ) STRICT;

        CREATE TABLE search_backlog (
            first INTEGER PRIMARY KEY, -- op key
            last INTEGER NOT NULL
        ) STRICT;

        CREATE VIRTUAL TABLE search USING fts5 (
            text, content = 'row', content_rowid = 'op',
            tokenize = 'unicode61 remove_diacritics 2'
        );
        """

    /// The tables of the views that hold rows per log, with how a log's rows are told.
    static let perLog: [(table: String, condition: String)] = [
        ("mention", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("reaction", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("pin", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("poll_setting", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("poll_option", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("poll_text", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("poll_removed", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("vote", "row IN (SELECT op FROM row WHERE log = ?1)"),
        ("import_run", "replica IN (SELECT id FROM replica WHERE log = ?1)"),
        ("poll", "log = ?1"), ("unpinned", "log = ?1"), ("deletion", "log = ?1"),
        ("aimed", "log = ?1"), ("alias", "log = ?1"), ("copy", "log = ?1"),
        ("import_key", "log = ?1"),
        ("outcome", "log = ?1"), ("access_op", "log = ?1"), ("member", "log = ?1"),
        ("writer", "log = ?1"), ("row", "log = ?1"),
    ]
}
