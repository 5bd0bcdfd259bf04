// Names that demo users are made of: plausible, plain ASCII, and none of a real person.

/** 160 first names. */
export const FIRST_NAMES: readonly string[] = `
  mary james patricia robert jennifer john linda michael elizabeth david barbara william susan richard jessica joseph
  sarah thomas karen charles lisa christopher nancy daniel betty matthew sandra anthony ashley mark kimberly steven
  emily andrew donna paul michelle joshua carol kenneth amanda kevin dorothy brian melissa george deborah timothy
  stephanie ronald rebecca jason sharon edward laura jeffrey cynthia ryan amy jacob angela nicholas anna lukas hannah
  jonas lena felix greta moritz clara emil ingrid lars astrid sven freja nils maja erik olivia oskar chloe hugo camille
  louis manon jules amelie antoine elodie mathieu giulia marco chiara luca francesca matteo elena alessandro paola
  davide lucia javier carmen alejandro ines diego pilar rafael beatriz joao mariana tiago catarina andre yuki haruto
  sakura ren aiko kenji mei wei lin jun xiu hao minji jisoo hyun seo priya arjun ananya rohan kavya vikram meera sanjay
  fatima omar layla hassan amira yusuf zainab ibrahim noor karim nadia samir olga dmitri svetlana ivan katya pavel zofia
  jakub
`
  .trim()
  .split(/\s+/)

/** 250 last names. */
export const LAST_NAMES: readonly string[] = `
  smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson
  taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen
  king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts
  gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez
  ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood bennett
  gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins perry
  russell sullivan bell coleman butler henderson barnes fisher mueller schmidt schneider fischer weber meyer wagner
  becker schulz hoffmann koch bauer richter klein wolf schroeder neumann schwarz zimmermann braun krueger hofmann
  hartmann lange krause lehmann koehler maier huber dubois moreau laurent lefebvre michel bertrand roux fournier girard
  bonnet lambert fontaine rousseau vincent mercier dupont rossi russo ferrari esposito bianchi romano colombo ricci
  marino greco conti costa giordano mancini rizzo lombardi silva santos oliveira pereira lima carvalho almeida ferreira
  ribeiro gomes nakamura tanaka suzuki watanabe ito yamamoto kobayashi kato yoshida sasaki chen wang zhang liu yang
  huang zhao wu zhou park choi jung kang cho yoon sharma gupta singh kumar mehta reddy iyer nair khan ahmed ali hussein
  rahman malik haddad nasser aziz ivanov petrov smirnov volkov sokolov kowalski nowak wisniewski novak svoboda dvorak
  horvat kovac okafor mensah adeyemi dlamini mwangi kamau johansson andersson nilsson eriksson larsen hansen olsen
  jensen nielsen
`
  .trim()
  .split(/\s+/)

/** How one place writes the address of a person; `{n}` is two digits. Names hold no separators, so no two people get the same. */
export type AddressStyle = 'first.last' | 'first_last' | 'first-last' | 'last.first' | 'first.last.n'

/** 32 ways to an address. A style appears once for a domain. All domains are reserved for examples (RFC 2606). */
export const PLACES: readonly { domain: string; style: AddressStyle }[] = [
  ...styles('example.com', 'first.last', 'first_last', 'first.last.n'),
  ...styles('example.org', 'first.last', 'first-last', 'first.last.n'),
  ...styles('example.net', 'first.last', 'first_last', 'first.last.n'),
  ...styles('mail.example.com', 'first.last', 'first.last.n', 'first-last'),
  ...styles('post.example.org', 'first.last', 'first.last.n'),
  ...styles('box.example.net', 'first_last', 'first.last.n'),
  ...styles('sales.example.com', 'first.last'),
  ...styles('support.example.com', 'first.last'),
  ...styles('shop.example.com', 'first.last', 'last.first'),
  ...styles('eu.example.com', 'first.last', 'last.first'),
  ...styles('apac.example.com', 'first.last'),
  ...styles('staff.example.org', 'last.first', 'first.last'),
  ...styles('students.uni.example.org', 'first.last.n', 'first.last'),
  ...styles('alumni.uni.example.org', 'first.last'),
  ...styles('lab.example.net', 'first-last'),
  ...styles('partners.example.net', 'first.last', 'last.first'),
]

function styles(domain: string, ...all: AddressStyle[]): { domain: string; style: AddressStyle }[] {
  return all.map((style) => ({ domain, style }))
}
