//! What each field type must, may and must not state.

use crate::salesforce::schema::FieldType;

/// Attributes by type: length, precision and scale, visibleLines, externalId, unique.
#[expect(
    clippy::struct_excessive_bools,
    reason = "one answer for each attribute"
)]
pub(super) struct Shape {
    pub(super) kind: FieldType,
    pub(super) length: Option<(u32, u32)>,
    pub(super) numeric: bool,
    pub(super) lines: Option<(u32, u32)>,
    pub(super) external_id: bool,
    pub(super) unique: bool,
    pub(super) required: bool,
}

impl Shape {
    const fn of(kind: FieldType) -> Self {
        Self {
            kind,
            length: None,
            numeric: false,
            lines: None,
            external_id: false,
            unique: false,
            required: true,
        }
    }
}

/// The attributes of a type of the Metadata API; `None` for one this org has no fields of.
pub(super) fn shape(kind: &str) -> Option<Shape> {
    use FieldType as T;
    Some(match kind {
        "Text" => Shape {
            length: Some((1, 255)),
            external_id: true,
            unique: true,
            ..Shape::of(T::Text)
        },
        "TextArea" => Shape::of(T::Textarea),
        "LongTextArea" => Shape {
            length: Some((256, 131_072)),
            lines: Some((2, 50)),
            required: false,
            ..Shape::of(T::Textarea)
        },
        "Html" => Shape {
            length: Some((256, 131_072)),
            lines: Some((10, 50)),
            required: false,
            ..Shape::of(T::Textarea)
        },
        "EncryptedText" => Shape {
            length: Some((1, 175)),
            ..Shape::of(T::Encrypted)
        },
        "Email" => Shape {
            external_id: true,
            unique: true,
            ..Shape::of(T::Email)
        },
        "Phone" => Shape::of(T::Phone),
        "Url" => Shape::of(T::Url),
        "Checkbox" => Shape {
            required: false,
            ..Shape::of(T::Boolean)
        },
        "Number" => Shape {
            numeric: true,
            external_id: true,
            unique: true,
            ..Shape::of(T::Double)
        },
        "Currency" => Shape {
            numeric: true,
            ..Shape::of(T::Currency)
        },
        "Percent" => Shape {
            numeric: true,
            ..Shape::of(T::Percent)
        },
        "Date" => Shape::of(T::Date),
        "DateTime" => Shape::of(T::DateTime),
        "Time" => Shape::of(T::Time),
        "Picklist" => Shape::of(T::Picklist),
        "MultiselectPicklist" => Shape {
            lines: Some((3, 10)),
            ..Shape::of(T::Multipicklist)
        },
        "Location" => Shape::of(T::Location),
        "AutoNumber" => Shape {
            external_id: true,
            required: false,
            ..Shape::of(T::Text)
        },
        "Lookup" | "MasterDetail" => Shape::of(T::Reference),
        "Summary" => Shape {
            required: false,
            ..Shape::of(T::Double)
        },
        _ => return None,
    })
}
