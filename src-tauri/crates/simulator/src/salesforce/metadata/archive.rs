//! Unpacks the zip of a deploy, without trusting what it says about itself: files are counted and
//! measured while they are read, so a small zip that would grow huge is refused early.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Largest zip, in bytes (facts/salesforce.md §7.2).
pub(crate) const MAX_ZIP: usize = 39 * 1024 * 1024;
/// Most files of one zip.
const MAX_FILES: usize = 10_000;
/// Most bytes of all files together, unpacked.
const MAX_UNPACKED: u64 = 600 * 1024 * 1024;
/// Largest single metadata file kept in memory, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

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
                format!("Maximum number of files in zip exceeded. The maximum is {MAX_FILES}."),
            ),
            Self::TooLarge => (
                "LIMIT_EXCEEDED",
                format!(
                    "Maximum size of unzipped files exceeded. The maximum is {MAX_UNPACKED} bytes."
                ),
            ),
            Self::FileTooLarge(name) => (
                "LIMIT_EXCEEDED",
                format!("{name}: the file is larger than {MAX_FILE} bytes."),
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
        || (name.starts_with("destructiveChanges") && path.ends_with(".xml"))
}

/// The files, path and content. Content of files this org does not deploy is left empty.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ArchiveError::Invalid)?;
    if archive.len() > MAX_FILES {
        return Err(ArchiveError::TooManyFiles);
    }
    let mut files = Vec::with_capacity(archive.len());
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|_| ArchiveError::Invalid)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().to_owned();
        let keep = is_metadata(&name);
        let mut content = Vec::new();
        let mut chunk = [0_u8; 64 * 1024];
        let mut length = 0_u64;
        loop {
            let read = file.read(&mut chunk).map_err(|_| ArchiveError::Invalid)?;
            if read == 0 {
                break;
            }
            length += read as u64;
            unpacked += read as u64;
            if unpacked > MAX_UNPACKED {
                return Err(ArchiveError::TooLarge);
            }
            if keep && length > MAX_FILE {
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

    #[test]
    fn limits_hold() {
        let many: Vec<(String, Vec<u8>)> = (0..=MAX_FILES)
            .map(|n| (format!("f{n}"), Vec::new()))
            .collect();
        assert_eq!(unpack(&zip(&many)), Err(ArchiveError::TooManyFiles));
        let large = vec![("a.object".to_owned(), vec![b' '; 17 * 1024 * 1024])];
        assert_eq!(
            unpack(&zip(&large)),
            Err(ArchiveError::FileTooLarge("a.object".to_owned()))
        );
    }

    #[test]
    fn a_bomb_is_refused_before_it_grows() {
        // Stored blocks of zeros shrink a thousandfold; the zip is below one megabyte.
        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file("x/inner.bin", zip::write::SimpleFileOptions::default())
            .unwrap();
        let block = vec![0_u8; 4 * 1024 * 1024];
        for _ in 0..151 {
            bomb.write_all(&block).unwrap();
        }
        let bytes = bomb.finish().unwrap().into_inner();
        assert!(bytes.len() < 1024 * 1024);
        assert_eq!(unpack(&bytes), Err(ArchiveError::TooLarge));
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
