//! Relationships seen from the parent: which sObjects have records that point here.

use crate::salesforce::schema::Schema;

/// A field of another sObject that points here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) sobject: String,
    pub(crate) field: String,
    /// Name for lists of children: `Contacts`. A lookup need not have one.
    pub(crate) relationship: Option<String>,
    /// Deleted with the parent.
    pub(crate) cascade: bool,
    /// Keeps the parent from being deleted.
    pub(crate) restricted: bool,
}

impl Schema {
    /// The relationships whose parent is this sObject: those of Account as the real describe has
    /// them, then every custom one the signed-in user sees.
    pub(crate) fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = Child> + 'a {
        let standard = [
            ("Account", "ParentId", "ChildAccounts"),
            ("Contact", "AccountId", "Contacts"),
        ];
        let standard = standard
            .into_iter()
            .filter(move |_| parent == "Account")
            .map(|(sobject, field, relationship)| Child {
                sobject: sobject.to_owned(),
                field: field.to_owned(),
                relationship: Some(relationship.to_owned()),
                cascade: sobject == "Contact",
                restricted: false,
            });
        let custom = self
            .objects
            .iter()
            .flat_map(|object| object.fields.iter().map(move |field| (object, field)))
            .filter(move |(_, field)| {
                field.custom
                    && field.visible()
                    && field.reference_to.iter().any(|target| target == parent)
            })
            .map(|(object, field)| Child {
                sobject: object.name.clone(),
                field: field.name.clone(),
                relationship: None,
                cascade: false,
                restricted: false,
            });
        standard.chain(custom)
    }
}
