//! The Accounts and Contacts every Developer Edition org ships with.

use super::Record;

/// `Name|Phone|Website|BillingCity|BillingState|BillingCountry|Industry|Type`.
const ACCOUNTS: &str = "\
Edge Communications|(512) 757-6000|http://edgecomm.com|Austin|TX|United States|Electronics|Customer - Direct
Burlington Textiles Corp of America|(336) 222-7000|www.burlington.com|Burlington|NC|United States|Apparel|Customer - Direct
Pyramid Construction Inc.|(014) 427-4427|www.pyramid.com|Paris||France|Construction|Customer - Channel
Dickenson plc|(785) 241-6200|dickenson-consulting.com|Lawrence|KS|United States|Consulting|Customer - Channel
Grand Hotels & Resorts Ltd|(312) 596-1000|www.grandhotels.com|Chicago|IL|United States|Hospitality|Customer - Direct
United Oil & Gas Corp.|(212) 842-5500|http://www.uos.com|New York|NY|United States|Energy|Customer - Direct
Express Logistics and Transport|(503) 421-7800|www.expressl&t.net|Portland|OR|United States|Transportation|Customer - Channel
University of Arizona|(520) 773-9050|www.universityofarizona.com|Tucson|AZ|United States|Education|Customer - Direct
United Oil & Gas, UK|+44 191 4956203|http://www.uos.com|London|UK|United Kingdom|Energy|Customer - Direct
United Oil & Gas, Singapore|(650) 450-8810|http://www.uos.com|Singapore|Singapore|Singapore|Energy|Customer - Direct
GenePoint|(650) 867-3450|www.genepoint.com|Mountain View|CA|United States|Biotechnology|Customer - Channel
sForce|(415) 901-7000|www.sforce.com|San Francisco|CA|United States||";

/// `FirstName|LastName|Title|Email|Account`.
const CONTACTS: &str = "\
Rose|Gonzalez|SVP, Procurement|rose@edge.com|Edge Communications
Sean|Forbes|CFO|sean@edge.com|Edge Communications
Jack|Rogers|VP, Facilities|jrogers@burlington.com|Burlington Textiles Corp of America
Pat|Stumuller|SVP, Administration and Finance|pat@pyramid.net|Pyramid Construction Inc.
Andy|Young|SVP, Operations|a_young@dickenson.com|Dickenson plc
Tim|Barr|SVP, Administration and Finance|barr_tim@grandhotels.com|Grand Hotels & Resorts Ltd
John|Bond|VP, Facilities|bond_john@grandhotels.com|Grand Hotels & Resorts Ltd
Stella|Pavlova|SVP, Production|spavlova@uog.com|United Oil & Gas Corp.
Lauren|Boyle|SVP, Technology|lboyle@uog.com|United Oil & Gas Corp.
Babara|Levy|SVP, Operations|b.levy@expressl&t.net|Express Logistics and Transport
Josh|Davis|Director, Warehouse Mgmt|j.davis@expressl&t.net|Express Logistics and Transport
Jane|Grey|Dean of Administration|jane_gray@uoa.edu|University of Arizona
Arthur|Song|CEO|asong@uog.com|United Oil & Gas Corp.
Ashley|James|VP, Finance|ajames@uog.com|United Oil & Gas, UK
Tom|Ripley|Regional General Manager|tripley@uog.com|United Oil & Gas, Singapore
Liz|D'Cruz|VP, Production|ldcruz@uog.com|United Oil & Gas, Singapore
Edna|Frank|VP, Technology|efrank@genepoint.com|GenePoint
Avi|Green|CFO|agreen@uog.com|United Oil & Gas Corp.
Siddartha|Nedaerk|||sForce
Jake|Llorrach|||sForce";

/// The Accounts; ids are given by the caller.
pub(crate) fn accounts() -> Vec<Record> {
    let names = [
        "Name",
        "Phone",
        "Website",
        "BillingCity",
        "BillingState",
        "BillingCountry",
        "Industry",
        "Type",
    ];
    records(ACCOUNTS, &names)
}

/// The Contacts, with the name of their Account under `AccountName`.
pub(crate) fn contacts() -> Vec<Record> {
    records(
        CONTACTS,
        &["FirstName", "LastName", "Title", "Email", "AccountName"],
    )
}

fn records(list: &'static str, names: &[&'static str]) -> Vec<Record> {
    list.lines()
        .map(|line| Record {
            line: None,
            values: names
                .iter()
                .zip(line.split('|'))
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| ((*name).into(), value.into()))
                .collect(),
        })
        .collect()
}
