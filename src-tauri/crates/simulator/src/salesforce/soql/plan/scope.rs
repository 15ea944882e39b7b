//! One FROM: the queried table, `t0`, and the parents joined to it.

use crate::salesforce::schema::{Field, SObject, Schema};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::tree::{Name, Path};

/// Most parents in a path.
const MAX_PARENTS: usize = 5;

/// A joined parent.
pub(super) struct Join<'a> {
    /// Lower-case relationship names from the queried object to this one.
    path: Vec<String>,
    pub(super) table: String,
    text: String,
    pub(super) object: &'a SObject,
    /// The reference field that leads here.
    pub(super) field: &'a Field,
}

/// Where a path's field lives.
pub(super) struct Holder<'a> {
    pub(super) table: String,
    pub(super) object: &'a SObject,
    /// Positions of the joins on the way.
    pub(super) joins: Vec<usize>,
}

/// The queried object with the joins that paths have needed so far.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a Schema,
    pub(super) object: &'a SObject,
    alias: Option<String>,
    pub(super) joins: Vec<Join<'a>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(schema: &'a Schema, object: &'a SObject, alias: Option<&str>) -> Self {
        Self {
            schema,
            object,
            alias: alias.map(str::to_owned),
            joins: Vec::new(),
        }
    }

    /// `"Account" t0 LEFT JOIN …`
    pub(super) fn sql(&self) -> String {
        let mut text = format!("\"{}\" t0", self.object.name);
        for join in &self.joins {
            text.push_str(&join.text);
        }
        text
    }

    /// The relationships of a path, without the alias or the object's own name in front.
    fn parents<'p>(&self, path: &'p Path) -> &'p [String] {
        let (_, parents) = path.split();
        match parents.split_first() {
            Some((first, rest))
                if self
                    .alias
                    .as_ref()
                    .is_some_and(|alias| alias.eq_ignore_ascii_case(first))
                    || (first.eq_ignore_ascii_case(&self.object.name)
                        && self.object.relationship(first).is_none()) =>
            {
                rest
            }
            _ => parents,
        }
    }

    /// The table and sObject a path's field lives in; adds the joins it needs.
    pub(super) fn holder(&mut self, path: &Path) -> Result<Holder<'a>, SoqlError> {
        let parents = self.parents(path);
        if parents.len() > MAX_PARENTS {
            return Err(SoqlError::new(
                "INVALID_FIELD",
                format!(
                    "Only {MAX_PARENTS} levels of relationships are allowed in a field path: {path}"
                ),
                path.at.0,
            ));
        }
        let mut holder = Holder {
            table: "t0".to_owned(),
            object: self.object,
            joins: Vec::new(),
        };
        let mut key = Vec::new();
        for parent in parents {
            key.push(parent.to_ascii_lowercase());
            let known = self.joins.iter().position(|join| join.path == key);
            let position = match known {
                Some(position) => position,
                None => self.join(&holder, parent, &key, path)?,
            };
            let join = &self.joins[position];
            holder.table.clone_from(&join.table);
            holder.object = join.object;
            holder.joins.push(position);
        }
        Ok(holder)
    }

    fn join(
        &mut self,
        from: &Holder<'a>,
        relationship: &str,
        key: &[String],
        path: &Path,
    ) -> Result<usize, SoqlError> {
        let unknown = || {
            SoqlError::new(
                "INVALID_FIELD",
                format!(
                    "Didn't understand relationship '{relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
                ),
                path.at.0,
            )
        };
        let field = from.object.relationship(relationship).ok_or_else(unknown)?;
        let object = field
            .reference_to
            .iter()
            .find_map(|name| self.schema.object(name))
            .ok_or_else(unknown)?;
        let table = format!("t{}", self.joins.len() + 1);
        let text = format!(
            " LEFT JOIN \"{}\" {table} ON {table}.\"Id\" = {}.\"{}\"",
            object.name, from.table, field.name
        );
        self.joins.push(Join {
            path: key.to_vec(),
            table,
            text,
            object,
            field,
        });
        Ok(self.joins.len() - 1)
    }

    /// The column and field a path names.
    pub(super) fn resolve(&mut self, path: &Path) -> Result<(String, &'a Field), SoqlError> {
        let holder = self.holder(path)?;
        let field = field(holder.object, path)?;
        Ok((format!("{}.\"{}\"", holder.table, field.name), field))
    }
}

/// The field at the end of a path.
pub(super) fn field<'a>(object: &'a SObject, path: &Path) -> Result<&'a Field, SoqlError> {
    let (name, _) = path.split();
    object.field(name).ok_or_else(|| {
        SoqlError::new(
            "INVALID_FIELD",
            format!(
                "No such column '{name}' on entity '{}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
                object.name
            ),
            path.at.0,
        )
    })
}

/// The object a FROM names.
pub(super) fn object<'a>(schema: &'a Schema, from: &Name) -> Result<&'a SObject, SoqlError> {
    schema.object(&from.text).ok_or_else(|| {
        SoqlError::new(
            "INVALID_TYPE",
            format!(
                "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
                from.text
            ),
            from.at.0,
        )
    })
}
