//! A dozen or so customers, each of which tells something: names, ids, amounts and dates that
//! break naive programs.

use std::fmt::Write;
use std::path::Path;

/// Writes the files the simulated servers load. Each customer's id says what it tells.
pub fn write_twelve(folder: &Path) {
    let long = "Consolidated Ventures of the Upper Valley and Territories ".repeat(6);
    let long: String = long.chars().take(300).collect();
    let customers = format!(
        "id,name,currency,tax_rate,line1,city,postal_code,country,salesforce_id\n\
         obrien,\"O'Brien & Daughters \"\"Old Mill\"\" Ltd\",GBP,0.20,1 Mill Lane,Cork,T12 AB34,IRL,0015f00000TwA01\n\
         umlaut,Jürgen Müller Söhne & Co. KG,EUR,0.19,Königstraße 5,Köln,01067,DEU,\n\
         emoji,Sunny Side Up \u{1F373} Catering,USD,0.0725,,,,,\n\
         rtl,שירותי ענן הגליל בע\"מ,ILS,,,,,,\n\
         long,{long},USD,,,,,,\n\
         00042,Zero Zero Forty-Two Ltd,USD,0,,,,,\n\
         aKq7Wmzt,Lower First Ltd,USD,,,,,,\n\
         AkQ7wMZT,Upper First Ltd,USD,,,,,,\n\
         huge,Million Millions plc,USD,,,,,,\n\
         bare,Nothing Known,USD,,,,,,\n\
         dozen,Twelve Subscriptions Inc,USD,,,,,,\n\
         dunning,New Word GmbH,EUR,,,,,,\n\
         shared1,Shared One,USD,,,,,,\n\
         shared2,Shared Two,USD,,,,,,\n"
    );
    let contacts = "customer_id,email,first_name,last_name\n\
         umlaut,juergen@mueller.example,Jürgen,Müller\n\
         shared1,office@shared.example,,\n\
         shared2,office@shared.example,,\n";
    let mut subscriptions = String::from(
        "id,customer_id,name,status,plan,interval,price,units,activated_at,auto_renew,\
         next_renewal_date,ended_on\n\
         sub_o,obrien,Team,active,Team,monthly,1234.56,1,2026-01-31T23:30:00Z,true,2026-12-31,\n\
         sub_u,umlaut,Größe L,active,Größe L,yearly,99.99,3,2024-02-29T00:00:00Z,true,2027-02-28,\n\
         sub_e,emoji,\u{1F373} Plan,active,Eggs,quarterly,10.01,7,2026-03-01T10:00:00Z,true,,\n\
         sub_r,rtl,תוכנית,active,R,monthly,5,1,2026-03-01T10:00:00Z,true,,\n\
         sub_h,huge,Everything,active,E,yearly,1000000000000,1,2026-03-01T10:00:00Z,true,,\n\
         sub_z,00042,007,canceled,007,monthly,7,1,2025-03-01T10:00:00Z,false,,2026-02-28\n\
         sub_l,aKq7Wmzt,Low,active,L,monthly,1,1,2026-03-01T10:00:00Z,true,,\n\
         sub_U,AkQ7wMZT,Up,active,U,monthly,2,1,2026-03-01T10:00:00Z,true,,\n\
         sub_d,dunning,Odd,in_dunning,O,monthly,3,1,2026-03-01T10:00:00Z,true,,\n",
    );
    for number in 1..=12 {
        let status = if number <= 4 { "active" } else { "canceled" };
        writeln!(
            subscriptions,
            "sub_{number:02},dozen,Seat {number},{status},S,monthly,{number}0,1,\
             2026-{number:02}-01T00:00:00Z,true,,"
        )
        .unwrap();
    }
    let accounts = "Id,Name,BillingCity\n\
         0015f00000TwA01,O'Brien,Dublin\n\
         0015f00000TwA02,Mueller KG,\n\
         0015f00000TwA03,Shared Office,\n";
    let salesforce_contacts = "LastName,Email,AccountId\n\
         Müller,Juergen@Mueller.example,0015f00000TwA02\n\
         Office,office@shared.example,0015f00000TwA03\n";
    for (name, text) in [
        ("customers.csv", customers.as_str()),
        ("contacts.csv", contacts),
        ("subscriptions.csv", &subscriptions),
        ("accounts.csv", accounts),
        ("salesforce_contacts.csv", salesforce_contacts),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}
