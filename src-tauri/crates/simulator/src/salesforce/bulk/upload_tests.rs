#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use proptest::prelude::*;

fn rows(text: &str, dialect: Dialect) -> Result<Vec<Vec<String>>, String> {
    let upload = Upload::read(Bytes::copy_from_slice(text.as_bytes()), dialect)?;
    let mut rows = vec![upload.header().to_vec()];
    upload.each(0..upload.len(), |_, record| {
        rows.push(record.iter().map(str::to_owned).collect());
    });
    Ok(rows)
}

const LF: Dialect = Dialect {
    delimiter: Delimiter::Comma,
    line_ending: LineEnding::Lf,
};
const CRLF: Dialect = Dialect {
    delimiter: Delimiter::Comma,
    line_ending: LineEnding::CrLf,
};

#[test]
fn values_keep_their_blanks_and_line_breaks() {
    let found = rows("Id,Name\n, \"x\" \n", LF).unwrap_err();
    assert!(found.contains("Found unescaped quote"), "{found}");
    assert_eq!(
        rows("Id,Name\n , a\n\n\"\",\"b\n\"\"c\"\"\"\n", LF).unwrap(),
        [["Id", "Name"], [" ", " a"], ["", "b\n\"c\""]]
    );
    assert_eq!(
        rows("Id\r\n\"a\r\nb\"\r\n", CRLF).unwrap(),
        [["Id"], ["a\r\nb"]]
    );
}

#[test]
fn line_endings_must_match_inside_quotes_too() {
    let wrong = "LineEnding is invalid on user data. Current LineEnding setting is";
    for (text, dialect) in [
        ("Id\r\na\r\n", LF),
        ("Id\n\"a\r\nb\"\n", LF),
        ("Id\na\n", CRLF),
        ("Id\r\n\"a\nb\"\r\n", CRLF),
    ] {
        let error = rows(text, dialect).unwrap_err();
        assert!(error.contains(wrong), "{text:?}: {error}");
    }
}

#[test]
fn a_byte_order_mark_is_part_of_the_first_heading_but_not_of_a_row() {
    let found = rows("\u{FEFF}Id,Name\n\u{FEFF}1,a\n", LF).unwrap();
    assert_eq!(found[0][0], "\u{FEFF}Id");
    assert_eq!(found[1][0], "\u{FEFF}1");
}

#[test]
fn forms_that_fail_a_job() {
    for (text, part) in [
        ("", "empty"),
        ("\n\n", "empty"),
        ("a,b\n1\n", "Row 1 has 1 columns, the header has 2"),
        ("a\n1\n1,2\n", "Row 2 has 2 columns"),
        ("a\n\"1\n", "not closed"),
        ("a\n1\"2\n", "unescaped quote"),
        ("a\n\"1\"2\n", "unescaped quote"),
    ] {
        let error = rows(text, LF).unwrap_err();
        assert!(error.contains(part), "{text:?}: {error}");
    }
    let long = format!("a\n{}\n", "é".repeat(32_000));
    assert_eq!(rows(&long, LF).unwrap().len(), 2);
    let long = format!("a\n{}\n", "é".repeat(32_001));
    assert!(rows(&long, LF).unwrap_err().contains("32000"));
    let long = format!("{}\n", "a,".repeat(16_001));
    assert!(rows(&long, LF).unwrap_err().contains("header"));
    let value = "x".repeat(31_000);
    let wide = [
        ["a"; 14].join(","),
        vec![value.as_str(); 14].join(","),
        String::new(),
    ]
    .join("\n");
    assert!(rows(&wide, LF).unwrap_err().contains("400000"));
    let bytes = Bytes::from_static(b"a\n\xFF\n");
    assert!(Upload::read(bytes, LF).unwrap_err().contains("UTF-8"));
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (0..Delimiter::ALL.len(), any::<bool>()).prop_map(|(index, crlf)| Dialect {
        delimiter: Delimiter::ALL[index].0,
        line_ending: if crlf {
            LineEnding::CrLf
        } else {
            LineEnding::Lf
        },
    })
}

proptest! {
    /// What the writer writes, the reader reads.
    #[test]
    fn written_files_read_back(
        dialect in dialect(),
        cells in proptest::collection::vec(
            proptest::collection::vec("[a-z \"`^,|;\\t\u{FEFF}é]{0,6}", 3), 0..12),
        broken in any::<bool>(),
    ) {
        let mut file = Vec::new();
        for (index, name) in ["Id", "Na\"me", "a,b;c|d`e^f\tg"].into_iter().enumerate() {
            if index > 0 {
                file.push(dialect.delimiter.byte());
            }
            push_heading(&mut file, name, dialect);
        }
        file.extend_from_slice(dialect.line_ending.text().as_bytes());
        let mut expected = vec![vec!["Id".to_owned(), "Na\"me".to_owned(), "a,b;c|d`e^f\tg".to_owned()]];
        for row in &cells {
            let mut wanted = Vec::new();
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    file.push(dialect.delimiter.byte());
                }
                let cell = if broken { format!("{cell}{}", dialect.line_ending.text()) } else { cell.clone() };
                push_quoted(&mut file, &cell);
                wanted.push(cell);
            }
            file.extend_from_slice(dialect.line_ending.text().as_bytes());
            expected.push(wanted);
        }
        let text = String::from_utf8(file).unwrap();
        prop_assert_eq!(rows(&text, dialect).unwrap(), expected);
    }

    /// Whatever comes, the reader neither panics nor loses count of its rows.
    #[test]
    fn any_bytes_are_read_or_refused(
        dialect in dialect(),
        bytes in proptest::collection::vec(
            prop_oneof![
                Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b';'), Just(b'a'), Just(0xEF),
                Just(0xBB), Just(0xBF), any::<u8>(),
            ],
            0..60,
        ),
    ) {
        if let Ok(upload) = Upload::read(Bytes::from(bytes), dialect) {
            let mut seen = 0;
            upload.each(0..upload.len(), |row, record| {
                assert_eq!(row, seen);
                assert_eq!(record.len(), upload.header().len());
                seen += 1;
            });
            prop_assert_eq!(seen, upload.len());
        }
    }
}
