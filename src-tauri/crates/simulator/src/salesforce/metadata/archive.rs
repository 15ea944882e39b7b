//! Unpacks the zip of a deploy, without trusting what it says about itself: files are counted and
//! measured while they are read, so a small zip that would grow huge is refused early.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Largest zip, in bytes (facts/salesforce.md §7.2).
pub(crate) const MAX_ZIP: usize = 39 * 1024 * 1024;

/// How much one zip may hold.
#[derive(Debug, Clone, Copy)]
struct Limits {
    files: usize,
    /// Bytes of all files together, unpacked.
    unpacked: u64,
    /// Bytes of a single metadata file, which is kept in memory.
    file: u64,
}

/// The limits of facts/salesforce.md §7.2; the one of a single file is this org's own.
const LIMITS: Limits = Limits {
    files: 10_000,
    unpacked: 600 * 1024 * 1024,
    file: 16 * 1024 * 1024,
};

/// Why a zip cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArchiveError {
    Invalid,
    TooManyFiles,
    TooLarge,
    FileTooLarge(String),
}

impl ArchiveError {
    /// `errorStatusCode` and `errorMessage` of the failed deploy.
    pub(crate) fn words(&self) -> (&'static str, String) {
        match self {
            Self::Invalid => ("INVALID_OPERATION", "zip file is not valid".to_owned()),
            Self::TooManyFiles => (
                "LIMIT_EXCEEDED",
                format!(
                    "Maximum number of files in zip exceeded. The maximum is {}.",
                    LIMITS.files
                ),
            ),
            Self::TooLarge => (
                "LIMIT_EXCEEDED",
                format!(
                    "Maximum size of unzipped files exceeded. The maximum is {} bytes.",
                    LIMITS.unpacked
                ),
            ),
            Self::FileTooLarge(name) => (
                "LIMIT_EXCEEDED",
                format!("{name}: the file is larger than {} bytes.", LIMITS.file),
            ),
        }
    }
}

/// Whether a path is one this org can deploy; other files are counted and dropped.
fn is_metadata(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.ends_with(".object")
        || path.ends_with(".permissionset")
        || name == "package.xml"
        || name
            .strip_prefix("destructiveChanges")
            .is_some_and(|rest| matches!(rest, ".xml" | "Pre.xml" | "Post.xml"))
}

/// The files, path and content. Content of files this org does not deploy is left empty.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    unpack_within(bytes, LIMITS)
}

fn unpack_within(bytes: &[u8], limits: Limits) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ArchiveError::Invalid)?;
    if archive.len() > limits.files {
        return Err(ArchiveError::TooManyFiles);
    }
    let mut files = Vec::with_capacity(archive.len());
    let mut unpacked = 0_u64;
    let mut chunk = vec![0_u8; 64 * 1024];
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|_| ArchiveError::Invalid)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().to_owned();
        let keep = is_metadata(&name);
        let mut content = Vec::new();
        let mut length = 0_u64;
        loop {
            let read = file.read(&mut chunk).map_err(|_| ArchiveError::Invalid)?;
            if read == 0 {
                break;
            }
            length += read as u64;
            unpacked += read as u64;
            if unpacked > limits.unpacked {
                return Err(ArchiveError::TooLarge);
            }
            if keep && length > limits.file {
                return Err(ArchiveError::FileTooLarge(name));
            }
            if keep {
                content.extend_from_slice(chunk.get(..read).unwrap_or_default());
            }
        }
        files.push((name, content));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::io::Write;

    use super::*;
    use proptest::prelude::*;

    fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const SMALL: Limits = Limits {
        files: 3,
        unpacked: 200_000,
        file: 1_000,
    };

    #[test]
    fn limits_hold() {
        let many: Vec<(String, Vec<u8>)> = (0..4).map(|n| (format!("f{n}"), Vec::new())).collect();
        assert_eq!(
            unpack_within(&zip(&many), SMALL),
            Err(ArchiveError::TooManyFiles)
        );
        assert_eq!(unpack(&zip(&many)).unwrap().len(), 4);
        let large = vec![("a.object".to_owned(), vec![b' '; 1_001])];
        assert_eq!(
            unpack_within(&zip(&large), SMALL),
            Err(ArchiveError::FileTooLarge("a.object".to_owned()))
        );
    }

    #[test]
    fn a_bomb_is_refused_before_it_grows() {
        // Zeros shrink a thousandfold: 3 MB in a few kilobytes.
        let bytes = zip(&[("x/inner.bin".to_owned(), vec![0; 3_000_000])]);
        assert!(bytes.len() < 10_000);
        assert_eq!(unpack_within(&bytes, SMALL), Err(ArchiveError::TooLarge));
        assert!(unpack(&bytes).is_ok());
    }

    #[test]
    fn many_entries_over_the_same_bytes_count_each_time() {
        let mut files = vec![("a.bin".to_owned(), vec![0; 150_000])];
        assert!(unpack_within(&zip(&files), SMALL).is_ok());
        let one = zip(&files);
        files.push(("b.bin".to_owned(), vec![0; 150_000]));
        let mut two = zip(&files);
        // The second directory entry is pointed at the first file's data.
        let entries: Vec<usize> = two
            .windows(4)
            .enumerate()
            .filter(|(_, window)| *window == b"PK\x01\x02")
            .map(|(at, _)| at)
            .collect();
        assert_eq!(entries.len(), 2);
        two[entries[1] + 42..entries[1] + 46].copy_from_slice(&0_u32.to_le_bytes());
        assert!(one.len() < two.len());
        assert!(matches!(
            unpack_within(&two, SMALL),
            Err(ArchiveError::TooLarge | ArchiveError::Invalid)
        ));
    }

    #[test]
    fn a_size_that_lies_is_found_out() {
        let mut bytes = zip(&[("package.xml".to_owned(), vec![b'x'; 4000])]);
        // The unpacked size in the central directory stands 24 bytes after its signature.
        let at = bytes
            .windows(4)
            .position(|window| window == b"PK\x01\x02")
            .unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
        match unpack(&bytes) {
            Ok(files) => assert_eq!(files[0].1.len(), 4000),
            Err(error) => assert_eq!(error, ArchiveError::Invalid),
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack(&bytes);
        }

        #[test]
        fn damaged_zips_are_unpacked_or_refused(
            position in 0_usize..400,
            byte in any::<u8>(),
            cut in 0_usize..400,
        ) {
            let mut bytes = zip(&[
                ("package.xml".to_owned(), b"<Package/>".to_vec()),
                ("objects/Account.object".to_owned(), b"<CustomObject/>".to_vec()),
            ]);
            let at = position % bytes.len();
            bytes[at] = byte;
            bytes.truncate(bytes.len() - cut % bytes.len());
            let _ = unpack(&bytes);
        }
    }
}
