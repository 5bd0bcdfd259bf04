// What the settings of all the libraries would do here, by their names without case, -, _ and dots.
import type { Dialect } from '../../../shared/profiles.ts'

export const plainName = (key: string) => key.toLowerCase().replaceAll(/[-_.\s]/g, '')

/** `meaning` of a name: a part of the address, of TLS, or one of these. */
export type Meaning =
  | { kind: 'part'; part: 'host' | 'port' | 'user' | 'password' | 'database' | 'hostaddr' | 'socket' }
  | { kind: 'tls'; says: TlsSetting }
  | { kind: 'file'; file: 'ca' | 'certificate' | 'key' | 'passphrase' }
  | { kind: 'server-key' }
  | { kind: 'unused'; why: string }
  | { kind: 'never'; what: string }
  | { kind: 'unknown' }

/** `mode`: sslmode and its kin. `ssl`: a switch, or a mode. The others say one thing each. */
export type TlsSetting = 'mode' | 'ssl' | 'go' | 'off' | 'trust' | 'checks-chain' | 'checks-name' | 'factory'

const table = new Map<string, Meaning>()
function add(meaning: Meaning, names: string): void {
  for (const name of names.split(/\s+/)) table.set(name, meaning)
}

for (const part of ['host', 'port', 'user', 'password', 'database', 'hostaddr'] as const)
  add({ kind: 'part', part }, part)
add({ kind: 'part', part: 'database' }, 'dbname db pgdbname')
add({ kind: 'part', part: 'host' }, 'pghost hostname server')
add({ kind: 'part', part: 'port' }, 'pgport')
add({ kind: 'part', part: 'user' }, 'username')
add({ kind: 'part', part: 'password' }, 'passwd pwd')
add({ kind: 'part', part: 'socket' }, 'unixsocket socket socketpath localsocket')

add({ kind: 'tls', says: 'mode' }, 'sslmode tlsmode')
add({ kind: 'tls', says: 'ssl' }, 'ssl usessl requiressl usetls')
add({ kind: 'tls', says: 'go' }, 'tls')
add({ kind: 'tls', says: 'off' }, 'ssldisabled')
add({ kind: 'tls', says: 'trust' }, 'trustservercertificate')
add({ kind: 'tls', says: 'checks-chain' }, 'verifyservercertificate sslverifycert rejectunauthorized sslverify')
add({ kind: 'tls', says: 'checks-name' }, 'sslcheckhostname sslverifyidentity sslverifyhostname')
add({ kind: 'tls', says: 'factory' }, 'sslfactory')

add({ kind: 'file', file: 'ca' }, 'sslrootcert sslca serversslcert')
add({ kind: 'file', file: 'certificate' }, 'sslcert')
add({ kind: 'file', file: 'key' }, 'sslkey')
add({ kind: 'file', file: 'passphrase' }, 'sslpassword sslkeypassword')
add({ kind: 'server-key' }, 'allowpublickeyretrieval getserverpublickey')

const unused = (why: string, names: string) => add({ kind: 'unused', why }, names)
unused(
  'Roster names itself',
  'applicationname fallbackapplicationname programname connectionattributes connectattrs appname',
)
unused('Roster reads and writes UTF-8', 'clientencoding encoding useunicode characterencoding')
unused('Roster reads and writes utf8mb4', 'charset setencoding collation connectioncollation characterset')
unused(
  'Roster has limits of its own',
  'connecttimeout timeout readtimeout writetimeout sockettimeout logintimeout poolsize maxoverflow poolrecycle pooltimeout ' +
    'tcpusertimeout querytimeout cancelsignaltimeout sslresponsetimeout connectiontimeout waittimeout busytimeout',
)
unused(
  'Roster watches its connections itself',
  'keepalives keepalivesidle keepalivesinterval keepalivescount tcpkeepalive tcpnodelay autoreconnect autoreconnectforpools ' +
    'checkconnliveness poolpreping tcpkeepidle tcpkeepcount tcpkeepinterval keepalive',
)
unused(
  'Roster shows dates as the database has them',
  'parsetime loc timezone servertimezone connectiontimezone timetruncate zerodatetimebehavior yearisdatetype tinyint1isbit tinyint1isbool',
)
unused('the server says how it wants the password', 'allownativepasswords')
unused(
  'it is about how that driver works',
  'cacheprepstmts prepstmtcachesize prepstmtcachesqllimit useserverprepstmts rewritebatchedstatements rewritebatchedinserts preparethreshold binarytransfer defaultrowfetchsize defaultfetchsize stringtype usecompression compress maxallowedpacket clientfoundrows columnswithalias interpolateparams uselocalsessionstate cachecallablestmts checksamethread isolationlevel detecttypes cachedstatements statementcachecapacity defaultqueryexecmode descriptioncachecapacity executemanymode mode cache foreignkeys journalmode busytimeoutms sslsni sslcompression poolmaxconns poolminconns poolmaxconnlifetime poolmaxconnidletime poolhealthcheckperiod usemysqlmetadata nulldatabasemeanscurrent useaffectedrows pinglobaltxtophysicalconnection',
)
unused(
  'Roster works with the server that it is given',
  'targetsessionattrs targetservertype loadbalance hostrecheckseconds retriesalldown failoverreadonly',
)

const never = (what: string, names: string) => add({ kind: 'never', what }, names)
export const STATEMENTS = 'It would run statements, or set something, in every session. Roster runs none but its own.'
never(
  STATEMENTS,
  'initcommand initsql connectioninitsql connectioninitsqls sessionvariables options sqlmode autocommit sessiontrack ' +
    'defaulttransactionisolation statementtimeout role searchpathinit currentschema pragma transactionisolation',
)
never(
  'It names code to be loaded, or to be called. Roster loads none.',
  'driver driverclass driverclassname dialect socketfactory socketfactoryarg sslfactoryarg sslhostnameverifier tlssockettype ' +
    'sslpasswordcallback authenticationpluginclassname xmlfactoryfactory autodeserialize queryinterceptors ' +
    'statementinterceptors connectionlifecycleinterceptors exceptioninterceptors propertiestransform authenticationplugins ' +
    'defaultauthenticationplugin disabledauthenticationplugins clientinfoprovider logger profilereventhandler ' +
    'serverconfigcachefactory parseinfocachefactory loadbalancestrategy hamode credentialtype plugindir defaultauth authplugin ' +
    'authpluginmap conv cursorclass connectionclass authplugins authswitchhandler infilestreamfactory stream classloaderstrategy ' +
    'connectexecutor connectexecutorarg jaasapplicationname jaaslogin sspiserviceclass factory module plugin poolclass creator ' +
    'enableloadextension loadextension vfs extension objectfactory initialcontextfactory jndi lookup datasource ' +
    'queryinterceptorclass resultsetscannerregex loadbalanceautocommitstatementregex customconverters typecast usepure',
)
never(
  'It would let the server ask for files of this machine.',
  'allowloadlocalinfile allowlocalinfile localinfile allowallfiles allowurlinlocalinfile allowloadlocalinfileinpath loaddatalocaldir enablelocalinfile',
)
never(
  'It would let one text carry several statements.',
  'allowmultiqueries multistatements multiplestatements clientflag clientflags flags allowmultiplequeries preferquerymode',
)
never(
  'It would send the password as it is, or in an old way, to whoever asks for it.',
  'allowcleartextpasswords enablecleartextplugin enablecleartext allowoldpasswords insecureauth ' +
    'allowfallbacktoplaintext enablemysqlclearpassword useoldauth secureauth permitmysqlscheme allowplaintextpasswords restrictedauth',
)
never(
  'It takes an address or a password from another file or another place, which Roster does not read. What it holds can be filled in.',
  'service servicefile passfile readdefaultfile readdefaultgroup defaultsfile defaultsextrafile optionfiles optiongroups ' +
    'useconfigs loginpath uri url jdbcurl unixsocketdir pipe namedpipepath configfile include',
)
never(
  'It would write secrets, or what is sent, to a file.',
  'sslkeylogfile loggerfile loggerlevel logfile trace dumpqueriesonexception tracefile debug log',
)
never(
  'It names keys, certificates or lists that Roster does not read. PEM files can be chosen in the form.',
  'sslcrl sslcrldir sslcapath sslcertmode trustcertificatekeystoreurl trustcertificatekeystoretype trustcertificatekeystorepassword ' +
    'clientcertificatekeystoreurl clientcertificatekeystoretype clientcertificatekeystorepassword truststore truststorepassword ' +
    'truststoretype keystore keystorepassword keystoretype keypassword serverrsapublickeyfile serverpublickeypath serverpubkey ' +
    'fallbacktosystemtruststore fallbacktosystemkeystore scramclientkey scramserverkey oauthissuer oauthclientid ' +
    'oauthclientsecret oauthscope openidtokenfile ociconfigfile webauthn',
)
never(
  'It changes how the login or the encryption is agreed upon, which Roster decides for itself.',
  'requirepeer krbsrvname krbspn gsslib gssencmode gssdelegation gssusedefaultcreds gssresponsetimeout kerberosservername usespnego ' +
    'channelbinding requireauth replication sslnegotiation sslcipher ssltlsversion tlsversion tlsciphersuites tlsversions ' +
    'enabledtlsprotocols enabledsslciphersuites enabledsslprotocolsuites enabledtlsciphersuites sslminprotocolversion ' +
    'sslmaxprotocolversion minprotocolversion maxprotocolversion protocolversion sslfips sslfipsmode serviceprincipalname ' +
    'scrammaxiterations passwordcharacterencoding password1 password2 password3 authuser authpass authcrypt authsalt key ' +
    'cipher hexkey textkey',
)
never(
  'It lets the driver go to other servers than the one that is named.',
  'loadbalancehosts permitredirect localsocketaddress bindaddress sourceaddress socksproxyhost socksproxyport socksproxyremotedns proxy ' +
    'allowmasterdownconnections allowsourcedownconnections allowreplicadownconnections queriesbeforeretrysource dnssrv ' +
    'createdatabaseifnotexist autocreate',
)
never(
  'No setting has this name.',
  'proto prototype constructor tostring valueof hasownproperty definegetter definesetter',
)

/** `uri` is a switch of Python's sqlite3, and another address anywhere else. */
export function meaningOf(key: string, dialect: Dialect): Meaning {
  const name = plainName(key)
  if (name === 'uri' && dialect === 'sqlite') return { kind: 'unused', why: 'it is about how that driver works' }
  return table.get(name) ?? { kind: 'unknown' }
}

/** Every name that Roster never follows, for tests. */
export const NEVER_FOLLOWED: readonly string[] = [...table].flatMap(([name, { kind }]) =>
  kind === 'never' ? [name] : [],
)

/** Its value is shown as dots. */
export const holdsSecret = (key: string) =>
  /pass|pwd|secret|token|(?:scram|private|hex|text|^)key$|cipherkey|authsalt/.test(plainName(key)) &&
  !/file$|url$|type$/.test(plainName(key))
