//! Company names, places and tax of the countries the made-up customers come from.

use super::words::{Words, words};

/// One country's words.
pub(crate) struct Country {
    pub(crate) alpha3: &'static str,
    pub(crate) name: &'static str,
    pub(crate) weight: u32,
    pub(crate) currency: &'static str,
    /// Standard rate as a decimal fraction, empty where none is collected.
    pub(crate) tax: &'static str,
    pub(crate) tax_type: &'static str,
    /// `city/state/postal code` with `#` for a digit and `@` for a letter.
    pub(crate) cities: Words,
    /// `{}` is the house number.
    pub(crate) streets: Words,
    pub(crate) suffixes: Words,
    pub(crate) families: Words,
    pub(crate) trades: Words,
    pub(crate) firsts: Words,
    pub(crate) phone: &'static str,
}

/// First parts of brand names, used in every country.
pub(crate) const ROOTS: Words = words!(
    "Northfield|Bluewater|Harbour|Kestrel|Lumen|Verdant|Ironbridge|Silverline|Oakhurst|Pinecrest|Redwood|Summit|Meridian|Juniper|Cobalt|Larkspur|Granite|Tidewater|Brightside|Foxglove|Hawthorn|Willowbrook|Stonegate|Clearwell|Copperfield|Moorland|Seabright|Thornbury|Ravenswood|Ashdown|Maplewood|Windmere|Highgate|Fairview|Goldcrest|Longview|Marlowe|Nettle|Orchard|Peregrine|Quillfeather|Rosemount|Saltmarsh|Tamarack|Umberto|Vantage|Whitecap|Yarrow|Zephyr|Alder|Birchwood|Cinder|Driftwood|Ember|Falcon|Glacier|Heron|Indigo|Jasper|Kingfisher|Lantern|Mistral|Nimbus|Onyx|Prism|Quarry|Ridgeline|Sable|Tundra|Velvet"
);

/// Second parts of brand names.
pub(crate) const FIELDS: Words = words!(
    "Analytics|Logistics|Foods|Health|Robotics|Software|Energy|Media|Textiles|Freight|Dental|Learning|Systems|Insurance|Bikes|Labs|Studios|Partners|Outdoor|Pharma|Interiors|Networks|Ceramics|Mobility|Travel|Security|Brewing|Optics|Marine|Instruments"
);

pub(crate) const COUNTRIES: &[Country] = &[
    Country {
        alpha3: "USA",
        name: "United States",
        weight: 36,
        currency: "USD",
        tax: "0.0825",
        tax_type: "sales_tax",
        phone: "(%%%) %%%-%%%%",
        cities: words!(
            "San Francisco/CA/941##|Austin/TX/787##|New York/NY/100##|Chicago/IL/606##|Denver/CO/802##|Portland/OR/972##|Boston/MA/021##|Raleigh/NC/276##|Minneapolis/MN/554##"
        ),
        streets: words!(
            "{} Market St|{} Congress Ave|{} Broadway|{} W Lake St|{} Larimer St|{} Elm Street|{} Industrial Pkwy, Suite 400"
        ),
        suffixes: words!("Inc.|LLC|Corp.|Inc|Co.|Group, Inc."),
        families: words!(
            "Whitaker|Delgado|Nguyen|Kowalski|Freeman|O'Brien|McAllister|Washington|Hernandez|Abernathy|Castellanos|Lindqvist"
        ),
        trades: words!(
            "Manufacturing|Dental Group|Roofing|Auto Parts|Farms|Publishing|Staffing|Property Management|Construction"
        ),
        firsts: words!(
            "Emily|Jason|Maria|Tyler|Ashley|Brandon|Linda|Marcus|Keisha|Daniel|Grace|Hector"
        ),
    },
    Country {
        alpha3: "GBR",
        name: "United Kingdom",
        weight: 14,
        currency: "GBP",
        tax: "0.20",
        tax_type: "vat",
        phone: "+44 20 7%%% %%%%",
        cities: words!(
            "London//EC#A #@@|Manchester//M# #@@|Leeds//LS# #@@|Bristol//BS# #@@|Edinburgh//EH# #@@|Cambridge//CB# #@@"
        ),
        streets: words!(
            "{} High Street|{} Victoria Road|{} Station Approach|Unit {}, Riverside Park|{} St John's Lane"
        ),
        suffixes: words!("Ltd|plc|LLP|Limited|Group plc"),
        families: words!(
            "Hargreaves|Okonkwo|Ashworth|Patel|Fitzgerald|Llewellyn|MacKenzie|O'Connor|Singh|Featherstone"
        ),
        trades: words!("& Sons|Joinery|Haulage|Catering|Surveyors|Wealth|Fabrications|Nurseries"),
        firsts: words!("Oliver|Amelia|Harry|Aisha|Siobhán|Callum|Priti|Gareth|Imogen|Rhys"),
    },
    Country {
        alpha3: "DEU",
        name: "Germany",
        weight: 10,
        currency: "EUR",
        tax: "0.19",
        tax_type: "vat",
        phone: "+49 30 %%%%%%%",
        cities: words!(
            "Berlin//101##|München//803##|Hamburg//200##|Köln//506##|Stuttgart//701##|Düsseldorf//402##"
        ),
        streets: words!("Hauptstraße {}|Goethestraße {}|Am Hafen {}|Königsallee {}|Lindenweg {}"),
        suffixes: words!("GmbH|AG|GmbH & Co. KG|UG|SE"),
        families: words!("Müller|Schröder|Größmann|Weiß|Jäger|Böhm|Krüger|Hübner|Vogel|Schäfer"),
        trades: words!(
            "Maschinenbau|& Söhne|Logistik|Elektrotechnik|Feinmechanik|Bäckereien|Verlag|Medizintechnik"
        ),
        firsts: words!("Jürgen|Anja|Björn|Katrin|Günther|Sören|Heike|Lukas|Käthe|Matthias"),
    },
    Country {
        alpha3: "FRA",
        name: "France",
        weight: 7,
        currency: "EUR",
        tax: "0.20",
        tax_type: "vat",
        phone: "+33 1 %% %% %% %%",
        cities: words!("Paris//750##|Lyon//690##|Nantes//440##|Toulouse//310##|Besançon//250##"),
        streets: words!(
            "{} rue de la République|{} avenue Foch|{} quai de l'Île|{} boulevard Voltaire"
        ),
        suffixes: words!("SARL|SAS|S.A.|SASU"),
        families: words!(
            "Lefèvre|Beaulieu|Gérard|Rousseau|Châtelain|Noël|Fontaine|Béranger|Lacroix|d'Aubigny"
        ),
        trades: words!(
            "Frères|Éditions|Conseil|Traiteur|Équipements|Transports|Horlogerie|Vignobles"
        ),
        firsts: words!("Élodie|François|Zoé|Benoît|Chloé|Jérôme|Agnès|Loïc|Camille|Océane"),
    },
    Country {
        alpha3: "NLD",
        name: "Netherlands",
        weight: 5,
        currency: "EUR",
        tax: "0.21",
        tax_type: "vat",
        phone: "+31 20 %%% %%%%",
        cities: words!("Amsterdam//10## @@|Rotterdam//30## @@|Utrecht//35## @@|Eindhoven//56## @@"),
        streets: words!("Keizersgracht {}|Coolsingel {}|Oudegracht {}|Stationsplein {}"),
        suffixes: words!("B.V.|N.V.|V.O.F."),
        families: words!("van der Berg|de Vries|Jansen|van Dijk|'t Hart|Meijer|Hoekstra"),
        trades: words!("Bloemen|Scheepvaart|Techniek|Installaties|Zuivel|Advies"),
        firsts: words!("Daan|Sanne|Joris|Femke|Thijs|Anouk|Bram"),
    },
    Country {
        alpha3: "ESP",
        name: "Spain",
        weight: 5,
        currency: "EUR",
        tax: "0.21",
        tax_type: "vat",
        phone: "+34 91 %%% %% %%",
        cities: words!(
            "Madrid//280##|Barcelona//080##|Málaga//290##|A Coruña//150##|València//460##"
        ),
        streets: words!("Calle Mayor {}|Gran Vía {}|Avenida de América {}|Plaça de Catalunya {}"),
        suffixes: words!("S.L.|S.A.|S.L.U."),
        families: words!("Peñalver|Ibáñez|Núñez|Muñoz|Garcés|Ordóñez|Cañizares|Zúñiga"),
        trades: words!("Hermanos|Bodegas|Construcciones|Cerámicas|Conservas|Consultores"),
        firsts: words!("Iñaki|Begoña|Álvaro|Rocío|Íñigo|María José|Raúl"),
    },
    Country {
        alpha3: "IRL",
        name: "Ireland",
        weight: 3,
        currency: "EUR",
        tax: "0.23",
        tax_type: "vat",
        phone: "+353 1 %%% %%%%",
        cities: words!("Dublin//D0# @#@#|Cork//T12 @#@#|Galway//H91 @#@#"),
        streets: words!("{} Grand Canal Quay|{} Patrick Street|{} Eyre Square"),
        suffixes: words!("Ltd|DAC|plc"),
        families: words!("O'Sullivan|Ó Briain|Murphy|Ní Dhomhnaill|Byrne|McCarthy|O'Neill"),
        trades: words!("Dairies|Aviation|Bloodstock|Seafoods|Print"),
        firsts: words!("Seán|Aoife|Pádraig|Niamh|Éamon|Róisín"),
    },
    Country {
        alpha3: "ITA",
        name: "Italy",
        weight: 3,
        currency: "EUR",
        tax: "0.22",
        tax_type: "vat",
        phone: "+39 02 %%%% %%%%",
        cities: words!("Milano/MI/201##|Torino/TO/101##|Forlì/FC/471##|Bologna/BO/401##"),
        streets: words!("Via Garibaldi {}|Corso Italia {}|Viale della Libertà {}"),
        suffixes: words!("S.r.l.|S.p.A.|S.n.c."),
        families: words!("Bianchi|Nicolò|Dell'Acqua|Forlì|Esposito|D'Angelo"),
        trades: words!("Arredamenti|Ceramiche|Fratelli|Meccanica|Vini"),
        firsts: words!("Niccolò|Chiara|Giosuè|Francesca|Matteo"),
    },
    Country {
        alpha3: "SWE",
        name: "Sweden",
        weight: 3,
        currency: "USD",
        tax: "0.25",
        tax_type: "vat",
        phone: "+46 8 %%% %% %%",
        cities: words!("Stockholm//111 ##|Göteborg//411 ##|Malmö//211 ##|Örebro//702 ##"),
        streets: words!("Storgatan {}|Drottninggatan {}|Hamngatan {}"),
        suffixes: words!("AB|HB|AB (publ)"),
        families: words!("Åkesson|Sjöberg|Lindström|Nyström|Ångström"),
        trades: words!("Möbler|Verkstad|Skog|Fisk|Data"),
        firsts: words!("Åsa|Björn|Linnéa|Göran|Märta"),
    },
    Country {
        alpha3: "POL",
        name: "Poland",
        weight: 3,
        currency: "EUR",
        tax: "0.23",
        tax_type: "vat",
        phone: "+48 22 %%% %% %%",
        cities: words!("Warszawa//00-0##|Kraków//30-0##|Łódź//90-0##|Wrocław//50-0##"),
        streets: words!("ul. Długa {}|ul. Świętokrzyska {}|al. Jerozolimskie {}"),
        suffixes: words!("Sp. z o.o.|S.A."),
        families: words!("Wójcik|Kowalczyk|Żółtowski|Łuczak|Dąbrowski"),
        trades: words!("Transport|Meble|Okna|Budownictwo"),
        firsts: words!("Łukasz|Małgorzata|Paweł|Zofia|Józef"),
    },
    Country {
        alpha3: "CAN",
        name: "Canada",
        weight: 3,
        currency: "USD",
        tax: "0.13",
        tax_type: "hst",
        phone: "(%%%) %%%-%%%%",
        cities: words!("Toronto/ON/M5@ #@#|Montréal/QC/H2@ #@#|Vancouver/BC/V6@ #@#"),
        streets: words!("{} King Street West|{} rue Sainte-Catherine|{} Granville Street"),
        suffixes: words!("Inc.|Ltd.|ULC"),
        families: words!("Tremblay|Bouchard|MacDonald|Chen|Gagné"),
        trades: words!("Lumber|Fisheries|Outfitters|Maple"),
        firsts: words!("Étienne|Sophie|Liam|Mei"),
    },
    Country {
        alpha3: "CHE",
        name: "Switzerland",
        weight: 2,
        currency: "EUR",
        tax: "0.081",
        tax_type: "vat",
        phone: "+41 44 %%% %% %%",
        cities: words!("Zürich//80##|Genève//12##|Luzern//60##"),
        streets: words!("Bahnhofstrasse {}|Rue du Rhône {}|Seestrasse {}"),
        suffixes: words!("AG|SA|GmbH"),
        families: words!("Zürcher|Brülhart|Favre|Küng"),
        trades: words!("Uhren|Treuhand|Präzision|Käserei"),
        firsts: words!("Reto|Ursina|Noémie|Jörg"),
    },
    Country {
        alpha3: "AUS",
        name: "Australia",
        weight: 2,
        currency: "USD",
        tax: "0.10",
        tax_type: "gst",
        phone: "+61 2 %%%% %%%%",
        cities: words!("Sydney/NSW/20##|Melbourne/VIC/30##|Brisbane/QLD/40##"),
        streets: words!("{} George Street|{} Collins Street|{} Queen Street"),
        suffixes: words!("Pty Ltd|Ltd"),
        families: words!("Gallagher|Nakamura|Wilkins|Papadopoulos"),
        trades: words!("Surf Co|Mining Services|Wool|Wines"),
        firsts: words!("Jack|Matilda|Kylie|Bruce"),
    },
    Country {
        alpha3: "BRA",
        name: "Brazil",
        weight: 2,
        currency: "USD",
        tax: "",
        tax_type: "",
        phone: "+55 11 %%%%-%%%%",
        cities: words!("São Paulo/SP/01###-###|Florianópolis/SC/88###-###"),
        streets: words!("Avenida Paulista, {}|Rua das Flores, {}"),
        suffixes: words!("Ltda.|S.A."),
        families: words!("Gonçalves|Araújo|Simões|Magalhães"),
        trades: words!("Café|Agropecuária|Comércio|Têxtil"),
        firsts: words!("João|Conceição|Luís|Inês"),
    },
    Country {
        alpha3: "JPN",
        name: "Japan",
        weight: 1,
        currency: "USD",
        tax: "0.10",
        tax_type: "jct",
        phone: "+81 3-%%%%-%%%%",
        cities: words!("Tokyo//100-00##|Osaka//530-00##"),
        streets: words!("{}-1 Marunouchi|{}-3 Umeda"),
        suffixes: words!("K.K.|Co., Ltd."),
        families: words!("Tanaka|Sato|Yamamoto|株式会社山田"),
        trades: words!("Seiki|Shoji|Electric"),
        firsts: words!("Haruto|Yui|健太"),
    },
    Country {
        alpha3: "ISR",
        name: "Israel",
        weight: 1,
        currency: "USD",
        tax: "0.18",
        tax_type: "vat",
        phone: "+972 3-%%%-%%%%",
        cities: words!("Tel Aviv//61###|Haifa//31###"),
        streets: words!("{} Rothschild Blvd|{} Herzl St"),
        suffixes: words!("Ltd.|בע\"מ"),
        families: words!("Cohen|Levi|Mizrahi|Katz"),
        trades: words!("Agritech|Cyber|Diamonds"),
        firsts: words!("Noa|Yosef|Tamar"),
    },
];
