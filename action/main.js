"use strict";var Pb=Object.create;var Zr=Object.defineProperty;var $b=Object.getOwnPropertyDescriptor;var Lb=Object.getOwnPropertyNames;var Mb=Object.getPrototypeOf,jb=Object.prototype.hasOwnProperty;var x=(t,e,n)=>()=>{if(n)throw n[0];try{return t&&(e=t(t=0)),e}catch(r){throw n=[r],r}};var O=(t,e)=>()=>{try{return e||t((e={exports:{}}).exports,e),e.exports}catch(n){throw e=0,n}},In=(t,e)=>{for(var n in e)
Zr(t,n,{get:e[n],enumerable:!0})},vu=(t,e,n,r)=>{if(e&&typeof e=="object"||typeof e=="function")for(let o of Lb(e))!jb.call(
t,o)&&o!==n&&Zr(t,o,{get:()=>e[o],enumerable:!(r=$b(e,o))||r.enumerable});return t};var Q=(t,e,n)=>(n=t!=null?Pb(Mb(t)):{},vu(e||!t||!t.__esModule?Zr(n,"default",{value:t,enumerable:!0}):n,t)),Db=t=>vu(Zr(
{},"__esModule",{value:!0}),t);var m,l=x(()=>{"use strict";m=class{format(e){return e.join(", ")}}});function kt(t,e){return typeof t=="object"&&t!==null&&e in t}var ro=x(()=>{"use strict";l()});function oo(t,e){return e.map(n=>n.reveal()).filter(n=>n.length>=6).reduce((n,r)=>n.split(r).join(Qe),t)}function Ze(t){
return t.replace(Kb,Qe)}function Et(t){return vs(t.replace(/\s+/g," ")).trim()}function vs(t){return/^[ -~]*$/.test(t)?t:
t.replace(new RegExp("\\p{C}","gu"),"")}function Oe(t){let e=o=>/^[\w+/=-]{32,}$/.test(o)&&/[A-Z]/.test(o)&&/[a-z]/.test(
o)&&/\d/.test(o),n=/^(?:[/~.\\]|[A-Za-z]:)/.test(t)?t.split(/[/\\]/):[t];return t.length<=300&&!new RegExp("\\p{C}","u").
test(t)&&!n.some(e)?t:"something that is no path"}function qe(t){return/^[\w.-]{1,40}$/.test(t)?JSON.stringify(t):"somet\
hing that is no name"}var Bb,Qe,Iu,$,Kb,H=x(()=>{"use strict";l();ro();Bb=Symbol.for("nodejs.util.inspect.custom"),Qe="[\
secret]",Iu=Symbol.for("yciam.secret"),$=class{#e;constructor(e){this.#e=e}static[Symbol.hasInstance](e){return kt(e,Iu)}get[Iu](){
return!0}reveal(){return this.#e}toString(){return Qe}toJSON(){return Qe}[Bb](){return Qe}};Kb=/(?:(?<![-\w])|(?<=%[0-9A-Fa-f]{2}))(?:t1\.[-\w=]+\.[-\w=]+|eyJ[-\w]+\.[-\w]+(?:\.[-\w]+)?|y[0-3]_[-\w]{20,}|[cs]1\.[-\w=.]{20,}|yctk[-\w.]{16,}|YC[-\w]{38,41}(?![-\w])|hvs\.[-\w]{8,})|(?<=\bBearer )\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/g});function ye(t,e){return t instanceof io?e(t.path):t instanceof Nn?t.render(e):Ze(String(t))}function T(t){return new io(
t)}function b(t,...e){let n=e.map(r=>typeof r=="object"?r:vs(String(r)));return new Nn(t.flatMap((r,o)=>o===0?[r]:[n[o-1],
r]))}function $n(t,e){return new Nn(t.flatMap((n,r)=>r===0?[n]:[e,n]))}function ge(t){return typeof t=="function"?t():t}
var Pn,Nu,Pu,io,Nn,D=x(()=>{"use strict";l();ro();H();Pn=t=>t,Nu=Symbol.for("yciam.option"),Pu=Symbol.for("yciam.message"),
io=class{constructor(e){this.path=e}static[Symbol.hasInstance](e){return kt(e,Nu)}get[Nu](){return!0}},Nn=class{constructor(e){
this.parts=e}static[Symbol.hasInstance](e){return kt(e,Pu)}get[Pu](){return!0}render(e=Pn){return Ze(this.parts.map(n=>ye(
n,e)).join(""))}toString(){return this.render()}}});function Hb(t){let e=t.map(r=>b`  ${r.resolver}: ${r.reason}. To use it: ${r.remedy}.`),n=t.length===1?"The resolver ask\
ed for has no credential:":"No credential was found. Tried, in this order:";return $n([n,...e],`
`)}var $u,se,N,v,q,Ie,so,j=x(()=>{"use strict";l();ro();D();$u=Symbol.for("yciam.error"),se=class t extends Error{#e;constructor(e){
super(ye(e,Pn)),this.#e=e}static[Symbol.hasInstance](e){return Function.prototype[Symbol.hasInstance].call(this,e)?!0:kt(
e,$u)?this===t||"code"in this&&this.code===e.code:!1}get[$u](){return!0}get text(){return this.#e}messageFor(e){return ye(
this.#e,e)}},N=class t extends se{constructor(n,r){super(n);this.option=r;this.name="OptionError";this.code=t.code}static{
this.code="ERR_YCIAM_OPTION"}},v=class t extends se{constructor(n,r,o={}){super(n);this.option=r;this.reply=o;this.name=
"CredentialError";this.code=t.code}static{this.code="ERR_YCIAM_CREDENTIAL"}},q=class t extends se{constructor(n,r,o={}){
super(n);this.failure=r;this.reply=o;this.name="ServiceError";this.code=t.code}static{this.code="ERR_YCIAM_SERVICE"}},Ie=
class t extends se{constructor(){super(...arguments);this.name="ValidityError";this.code=t.code}static{this.code="ERR_YC\
IAM_VALIDITY"}},so=class t extends se{constructor(n){super(Hb(n));this.refusals=n;this.name="NoCredentialError";this.code=
t.code}static{this.code="ERR_YCIAM_NO_CREDENTIAL"}}});function ju(...t){let e=t.reduce((o,{length:i})=>o+i,0),n=new Uint8Array(e),r=0;for(let o of t)n.set(o,r),r+=o.length;return n}
function co(t){if(typeof t=="string"&&t.length>=128){if(Xb.test(t))throw new TypeError("non-ASCII string encountered in \
encode()");return At.encode(t)}let e=new Uint8Array(t.length);for(let n=0;n<t.length;n++){let r=t.charCodeAt(n);if(r>127)
throw new TypeError("non-ASCII string encountered in encode()");e[n]=r}return e}function Du(t,e=!1){if(Uint8Array.prototype.
toBase64)return t.toBase64({alphabet:e?"base64url":"base64",omitPadding:e});let n=32768,r=[];for(let i=0;i<t.length;i+=n)
r.push(String.fromCharCode.apply(null,t.subarray(i,i+n)));let o=btoa(r.join(""));return e?o.replace(/=/g,"").replace(/\+/g,
"-").replace(/\//g,"_"):o}function qu(t,e=!1){if(Uint8Array.fromBase64)return Uint8Array.fromBase64(t,{alphabet:e?"base6\
4url":"base64"});if(e){if(t.includes("+")||t.includes("/"))throw new TypeError("Invalid base64url");t=t.replace(/-/g,"+").
replace(/_/g,"/")}let n=atob(t),r=new Uint8Array(n.length);for(let o=0;o<n.length;o++)r[o]=n.charCodeAt(o);return r}var At,
Mu,zb,V0,Xb,lo=x(()=>{l();At=new TextEncoder,Mu=new TextDecoder,zb=new TextDecoder("utf-8",{fatal:!0}),V0=2**32;Xb=/[^\x00-\x7f]/});function Uu(t){try{return qu(typeof t=="string"?t:Mu.decode(t),!0)}catch(e){throw new TypeError(Qb,{cause:e})}}function Ln(t){
return Du(typeof t=="string"?At.encode(t):t,!0)}var Qb,Cs=x(()=>{l();lo();Qb="The input to be decoded is not correctly e\
ncoded."});var Mn,et,we,uo,Wt=x(()=>{l();Mn=class extends Error{static code="ERR_JOSE_GENERIC";code="ERR_JOSE_GENERIC";constructor(e,n){
super(e,n),this.name=this.constructor.name,Error.captureStackTrace?.(this,this.constructor)}},et=class extends Mn{static code="\
ERR_JOSE_NOT_SUPPORTED";code="ERR_JOSE_NOT_SUPPORTED"},we=class extends Mn{static code="ERR_JWS_INVALID";code="ERR_JWS_I\
NVALID"},uo=class extends Mn{static code="ERR_JWT_INVALID";code="ERR_JWT_INVALID"}});function Fu(t){let e={__proto__:null};for(let n in t)e[n]={...t[n],alg:n};return e}var Bu=x(()=>{l()});function Is(t){let e={name:"HMAC",hash:`SHA-${t}`};return{kty:["oct"],secret:!0,subtle:e,signing:e,usages:jn}}function Gt(t,e){
let n={name:e?"RSA-PSS":"RSASSA-PKCS1-v1_5",hash:`SHA-${t}`};return{kty:["RSA"],subtle:n,signing:e?{...n,saltLength:e}:n,
usages:jn,minRsaBits:2048}}function Ns(t,e){return{kty:["EC"],crv:t,subtle:{name:"ECDSA",namedCurve:t},signing:{name:"EC\
DSA",hash:`SHA-${e}`},usages:jn}}function Ku(){let t={name:"Ed25519"};return{kty:["OKP"],crv:"Ed25519",subtle:t,signing:t,
usages:jn}}function Ps(t){let e={name:`ML-DSA-${t}`};return{kty:["AKP"],subtle:e,signing:e,usages:jn}}function Hu(t){let e=typeof t==
"string"?Zb[t]:void 0;if(!e)throw new et(`alg ${t} is not supported either by JOSE or your javascript runtime`);return e}
var jn,Zb,Yu=x(()=>{l();Wt();Bu();jn=[["verify"],["sign"]];Zb=Fu({HS256:Is(256),HS384:Is(384),HS512:Is(512),RS256:Gt(256),
RS384:Gt(384),RS512:Gt(512),PS256:Gt(256,32),PS384:Gt(384,48),PS512:Gt(512,64),ES256:Ns("P-256",256),ES384:Ns("P-384",384),
ES512:Ns("P-521",512),EdDSA:Ku(),Ed25519:Ku(),"ML-DSA-44":Ps(44),"ML-DSA-65":Ps(65),"ML-DSA-87":Ps(87)})});function Dn(t){if(typeof t!="object"||t===null||Object.prototype.toString.call(t)!=="[object Object]")return!1;let e=Object.
getPrototypeOf(t);return e===null||Object.getPrototypeOf(e)===null}function Wu(...t){let e=new Set;for(let n of t)if(n)for(let r of Object.
keys(n)){if(e.has(r))return!1;e.add(r)}return!0}function Gu(t,e){if(t!==void 0)throw new TypeError(`${e} can only be cal\
led once`)}function Vu(t,e){let{crit:n}=e??{};if(Array.isArray(n)&&new Set(n).size!==n.length)throw new t('"crit" (Criti\
cal) Header Parameter MUST NOT contain duplicate values')}function zu(t,e,n,r,o){if(o.crit!==void 0&&r?.crit===void 0)throw new t(
'"crit" (Critical) Header Parameter MUST be integrity protected');if(!r||r.crit===void 0)return[];if(!Array.isArray(r.crit)||
r.crit.length===0||r.crit.some(s=>typeof s!="string"||s.length===0))throw new t('"crit" (Critical) Header Parameter MUST\
 be an array of non-empty strings when present');let i=n===void 0?e:{__proto__:null,...n,...e};for(let s of r.crit){if(!(s in
i))throw new et(`Extension Header Parameter "${s}" is not recognized`);if(!Object.hasOwn(o,s)||o[s]===void 0)throw new t(
`Extension Header Parameter "${s}" is missing`);if(i[s]&&(!Object.hasOwn(r,s)||r[s]===void 0))throw new t(`Extension Hea\
der Parameter "${s}" MUST be integrity protected`)}return r.crit}function Xu(t,e){if(e.includes("b64")){let n=t.b64;if(typeof n!=
"boolean")throw new we('The "b64" (base64url-encode payload) Header Parameter must be a boolean');return n}return!0}function $s(t,e){
let n,r;try{n=JSON.stringify(e),r=JSON.parse(n)}catch(o){throw new t("JOSE Header is not valid JSON",{cause:o})}if(!Dn(r))
throw new t("JOSE Header is not a JSON object");return[r,n]}var Ju,qn=x(()=>{l();Wt();Ju={__proto__:null,b64:!0}});async function Zu(t,e,n){let{alg:r,secret:o}=t,i=n==="decrypt"||n==="sign";if(o&&e instanceof Uint8Array)return e;let s,
a;if(Dn(e)){if(s=lS(e),typeof s.kty!="string")throw Qu(r,e,o);if(!(o?s.kty==="oct"&&typeof s.k=="string":s.kty!=="oct"&&
(i?s.kty==="AKP"&&typeof s.priv=="string"||typeof s.d=="string":s.d===void 0&&s.priv===void 0)))throw new TypeError(o?'J\
SON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present':
`JSON Web Key for this operation must be a ${i?"private":"public"} JWK`);if(tS(t,s,n),s.kty==="oct")return Uu(s.k);if(!Object.
isFrozen(e)){let{key_ops:d}=e;Array.isArray(d)&&Object.freeze(d),Object.freeze(e)}}else{if(!oS(e))throw Qu(r,e,o);let d=o?
"secret":i?"private":"public";if(e.type!==d&&(o||["secret","public","private"].includes(e.type)))throw new TypeError(`${eS(
e)} instances must be of type "${d}" for the ${r} algorithm`);if(ef(e))return e;if(a=e,a.type==="secret")return a.export()}
Ls||=new WeakMap;let c=e,u=Ls.get(c);if(u?.[r])return u[r];if(u||Ls.set(c,u={}),a&&typeof a.toCryptoKey=="function"){let d=a.
type==="public",f=nS[a.asymmetricKeyDetails?.namedCurve],p=t.resolve?.({crv:f,asymmetricKeyType:a.asymmetricKeyType})??t.
subtle;return u[r]=a.toCryptoKey(p,d,t.usages[d?0:1])}return s??=a.export({format:"jwk"}),s.alg=r,u[r]=await uS(t,s)}function iS(t,e,...n){
if(n.length>2){let r=n.pop();t+=`one of type ${n.join(", ")}, or ${r}.`}else n.length===2?t+=`one of type ${n[0]} or ${n[1]}\
.`:t+=`of type ${n[0]}.`;return e==null?t+=` Received ${e}`:typeof e=="function"&&e.name?t+=` Received function ${e.name}`:
typeof e=="object"&&e!=null&&e.constructor?.name&&(t+=` Received an instance of ${e.constructor.name}`),t}function Qu(t,e,n){
let r=["CryptoKey","KeyObject","JSON Web Key"];return n&&r.push("Uint8Array"),new TypeError(iS(`Key for the ${t} algorit\
hm must be `,e,...r))}function sS(t,e){if(e&&!t.usages.includes(e))throw new TypeError(`CryptoKey does not support this \
operation, its usages must include ${e}.`)}function tf(t,e){let{modulusLength:n}=e.algorithm;if(typeof n!="number"||n<2048)
throw new TypeError(`${t} requires key modulusLength to be 2048 bits or larger`)}function aS(t,e,n){let r=t.algorithm;if(r.
name!==e.name)throw fo(e.name);if(e.hash&&r.hash?.name!==e.hash)throw fo(e.hash,"algorithm.hash");if(e.namedCurve&&r.namedCurve!==
e.namedCurve)throw fo(e.namedCurve,"algorithm.namedCurve");if(e.length!==void 0&&r.length!==e.length)throw fo(e.length,"\
algorithm.length");sS(t,n)}function cS(t){return{__proto__:null,...t}}function lS(t){let e=cS(t);if(e.ext!==void 0&&typeof e.
ext!="boolean")throw new TypeError('"ext" (Extractable) Parameter must be a boolean');if(e.key_ops!==void 0){let n=e.key_ops,
r=Array.isArray(n)?[...n]:void 0;if(!r||r.some(o=>typeof o!="string")||new Set(r).size!==r.length)throw new TypeError('"\
key_ops" (Key Operations) Parameter must be an array of unique strings');e.key_ops=r}return e}async function uS(t,e,n){if(!t.
kty.includes(e.kty))throw new et('Invalid or unsupported JWK "alg" (Algorithm) Parameter value');let r=t.resolve?.({kty:e.
kty,crv:e.crv})??t.subtle,o=!!(e.d||e.priv),i={...e,ext:n??e.ext};return i.kty!=="AKP"&&delete i.alg,delete i.use,crypto.
subtle.importKey("jwk",i,r,i.ext??!o,e.key_ops??t.usages[o?1:0])}async function nf(t,e,n,r=!1){return t instanceof Uint8Array&&
(t=await crypto.subtle.importKey("raw",t,e,r,[n])),aS(t,e,n),t}var eS,tS,Ls,nS,ef,rS,oS,fo,rf=x(()=>{l();qn();Cs();Wt();
eS=t=>t[Symbol.toStringTag],tS=(t,e,n)=>{let{alg:r}=t;if(e.use!==void 0){let o=n==="sign"||n==="verify"?"sig":"enc";if(e.
use!==o)throw new TypeError(`Invalid key for this operation, its "use" must be "${o}" when present`)}if(e.kty==="AKP"&&e.
alg===void 0)throw new TypeError('missing "alg" (Algorithm) Parameter value');if(e.alg!==void 0&&e.alg!==r)throw new TypeError(
`Invalid key for this operation, its "alg" must be "${r}" when present`);if(Array.isArray(e.key_ops)){let o=n==="encrypt"||
n==="decrypt"?t.ops?.[n==="encrypt"?0:1]:n;if(o&&!e.key_ops.includes(o))throw new TypeError(`Invalid key for this operat\
ion, its "key_ops" must include "${o}" when present`)}};nS={__proto__:null,prime256v1:"P-256",secp384r1:"P-384",secp521r1:"\
P-521"},ef=t=>{if(t?.[Symbol.toStringTag]==="CryptoKey")return!0;try{return t instanceof CryptoKey}catch{return!1}},rS=t=>t?.[Symbol.
toStringTag]==="KeyObject",oS=t=>ef(t)||rS(t);fo=(t,e="algorithm.name")=>new TypeError(`CryptoKey does not support this \
operation, its ${e} must be ${t}`)});async function fS(t,e,n){let[r,o,i,s]=t,a="";if(o!==void 0){let k=$s(we,o);o=k[0],a=Ln(k[1])}if(i!==void 0&&(i=$s(we,i)[0]),
!o&&!i)throw new we("either setProtectedHeader or setUnprotectedHeader must be called before #sign()");if(!Wu(o,i))throw new we(
"JWS Protected and JWS Unprotected Header Parameter names must be disjoint");let c={...o,...i};Vu(we,o);let u=Xu(o,zu(we,
Ju,s,o,c));u||n?.();let{alg:d}=c;if(typeof d!="string"||!d)throw new we('JWS "alg" (Algorithm) Header Parameter missing \
or invalid');let f=Hu(d),p="",g=r,S;if(u){let k=t[4];k?(p=k[0]??=Ln(r),g=k[1]??=co(p)):(p=Ln(r),S=At.encode(`${a}.${p}`))}
S??=ju(co(a),co("."),g);let y=await nf(await Zu(f,e,"sign"),f.subtle,"sign");f.minRsaBits&&tf(f.alg,y);let w={signature:Ln(
new Uint8Array(await crypto.subtle.sign(f.signing,y,S))),payload:p};return o&&(w.protected=a),i&&(w.header=i),[w,u]}async function of(t,e,n,r,o){
let[i]=await fS([t,e,void 0,n],r,o);return`${i.protected}.${i.payload}.${i.signature}`}var sf=x(()=>{l();Cs();Yu();qn();
Wt();lo();rf()});function Ms(){throw new TypeError("Invalid time period format")}function af(t){typeof t!="string"&&Ms();let e=pS.exec(t);
(!e||e[4]&&e[1])&&Ms();let n=parseFloat(e[2]),r=Math.round(n*dS[e[3][0].toLowerCase()]);return Number.isFinite(r)||Ms(),
e[1]==="-"||e[4]?.toLowerCase()==="ago"?-r:r}function qs(t,e){if(!Number.isFinite(e))throw new TypeError(`Invalid ${t} i\
nput`);return e}function js(t,e){if(typeof e!="string")throw new TypeError(`"${t}" claim must be a string`)}function hS(t){
if(typeof t!="string"&&(!Array.isArray(t)||Array.from(t).some(e=>typeof e!="string")))throw new TypeError('"aud" claim m\
ust be a string or an array of strings')}function Ds(t,e){return typeof t=="number"?qs(e,t):t instanceof Date?qs(e,po(t)):
po(new Date)+af(t)}function tt(t){return cf.get(t)}function lf(t){let e=tt(t);for(let n of["iat","nbf","exp"]){let r=e[n];
if(typeof r=="number"&&!Number.isFinite(r))throw new TypeError(`"${n}" claim must be a finite number`)}return At.encode(
JSON.stringify(e))}var po,dS,pS,cf,ho,uf=x(()=>{l();lo();qn();po=t=>Math.floor(t.getTime()/1e3),dS={s:1,m:60,h:3600,d:86400,
w:604800,y:31557600},pS=/^(\+|\-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)(?: (ago|from now))?$/i;
ho=class{constructor(e={}){if(!Dn(e))throw new TypeError("JWT Claims Set MUST be an object");(cf||=new WeakMap).set(this,
structuredClone(e))}setIssuer(e){return js("iss",e),tt(this).iss=e,this}setSubject(e){return js("sub",e),tt(this).sub=e,
this}setAudience(e){return hS(e),tt(this).aud=e,this}setJti(e){return js("jti",e),tt(this).jti=e,this}setNotBefore(e){return tt(
this).nbf=Ds(e,"setNotBefore"),this}setExpirationTime(e){return tt(this).exp=Ds(e,"setExpirationTime"),this}setIssuedAt(e){
let n=tt(this);return e===void 0?n.iat=po(new Date):typeof e=="string"?n.iat=qs("setIssuedAt",po(new Date)+af(e)):n.iat=
Ds(e,"setIssuedAt"),this}}});var ff={};In(ff,{SignJWT:()=>Us});var mS,Us,df=x(()=>{l();sf();Wt();uf();qn();mS=ho,Us=class extends mS{#e;setProtectedHeader(e){
return Gu(this.#e,"setProtectedHeader"),this.#e=e,this}async sign(e,n){return of(lf(this),this.#e,n?.crit,e,()=>{throw new uo(
"JWTs MUST NOT use unencoded payload")})}}});function Fs(t){try{return JSON.parse(t)}catch{return}}function ce(t){let e=Fs(t);return be(e)?e:void 0}function be(t){return typeof t==
"object"&&t!==null&&!Array.isArray(t)}var xe=x(()=>{"use strict";l()});function V(){return process.uptime()*1e3}var MS,Rf,jS,bo,rt=x(()=>{"use strict";l();MS=2e3,Rf=5e3,jS=100,bo=class{constructor(e,n=V){
this.hostNow=e;this.monotonic=n;this.offset=0;this.isMeasured=!1;this.latest={time:e(),at:n()}}now(){let e=this.hostNow()+
this.offset,n=this.monotonic(),r=this.latest.time+n-this.latest.at;r-e>jS&&(this.offset+=r-e);let o=Math.max(e,r);return this.
latest={time:o,at:n},o}get offsetMs(){return this.offset}get isHostWrong(){return Math.abs(this.offset)>=Rf}presume(e){this.
isMeasured||(this.offset=Math.max(this.offset,e))}observe(e,n=0){if(e===void 0)return!1;let[r,o]=[e+n,e+n+MS],i=this.hostNow()+
this.offset,s=Math.min(Math.max(i,r),o);return this.isMeasured=!0,this.offset+=s-i,this.latest={time:s,at:this.monotonic()},
Math.abs(s-i)>=Rf}}});var U=O(oe=>{"use strict";l();var na=Symbol.for("yaml.alias"),cd=Symbol.for("yaml.document"),jo=Symbol.for("yaml.map"),ld=Symbol.
for("yaml.pair"),ra=Symbol.for("yaml.scalar"),Do=Symbol.for("yaml.seq"),Be=Symbol.for("yaml.node.type"),$k=t=>!!t&&typeof t==
"object"&&t[Be]===na,Lk=t=>!!t&&typeof t=="object"&&t[Be]===cd,Mk=t=>!!t&&typeof t=="object"&&t[Be]===jo,jk=t=>!!t&&typeof t==
"object"&&t[Be]===ld,ud=t=>!!t&&typeof t=="object"&&t[Be]===ra,Dk=t=>!!t&&typeof t=="object"&&t[Be]===Do;function fd(t){
if(t&&typeof t=="object")switch(t[Be]){case jo:case Do:return!0}return!1}function qk(t){if(t&&typeof t=="object")switch(t[Be]){case na:case jo:case ra:case Do:
return!0}return!1}var Uk=t=>(ud(t)||fd(t))&&!!t.anchor;oe.ALIAS=na;oe.DOC=cd;oe.MAP=jo;oe.NODE_TYPE=Be;oe.PAIR=ld;oe.SCALAR=
ra;oe.SEQ=Do;oe.hasAnchor=Uk;oe.isAlias=$k;oe.isCollection=fd;oe.isDocument=Lk;oe.isMap=Mk;oe.isNode=qk;oe.isPair=jk;oe.
isScalar=ud;oe.isSeq=Dk});var Wn=O(oa=>{"use strict";l();var ne=U(),fe=Symbol("break visit"),dd=Symbol("skip children"),Le=Symbol("remove node");function qo(t,e){
let n=pd(e);ne.isDocument(t)?Qt(null,t.contents,n,Object.freeze([t]))===Le&&(t.contents=null):Qt(null,t,n,Object.freeze(
[]))}qo.BREAK=fe;qo.SKIP=dd;qo.REMOVE=Le;function Qt(t,e,n,r){let o=hd(t,e,n,r);if(ne.isNode(o)||ne.isPair(o))return md(
t,r,o),Qt(t,o,n,r);if(typeof o!="symbol"){if(ne.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=Qt(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===fe)return fe;s===Le&&(e.items.splice(i,1),i-=1)}}}else if(ne.
isPair(e)){r=Object.freeze(r.concat(e));let i=Qt("key",e.key,n,r);if(i===fe)return fe;i===Le&&(e.key=null);let s=Qt("val\
ue",e.value,n,r);if(s===fe)return fe;s===Le&&(e.value=null)}}return o}async function Uo(t,e){let n=pd(e);ne.isDocument(t)?
await Zt(null,t.contents,n,Object.freeze([t]))===Le&&(t.contents=null):await Zt(null,t,n,Object.freeze([]))}Uo.BREAK=fe;
Uo.SKIP=dd;Uo.REMOVE=Le;async function Zt(t,e,n,r){let o=await hd(t,e,n,r);if(ne.isNode(o)||ne.isPair(o))return md(t,r,o),
Zt(t,o,n,r);if(typeof o!="symbol"){if(ne.isCollection(e)){r=Object.freeze(r.concat(e));for(let i=0;i<e.items.length;++i){
let s=await Zt(i,e.items[i],n,r);if(typeof s=="number")i=s-1;else{if(s===fe)return fe;s===Le&&(e.items.splice(i,1),i-=1)}}}else if(ne.
isPair(e)){r=Object.freeze(r.concat(e));let i=await Zt("key",e.key,n,r);if(i===fe)return fe;i===Le&&(e.key=null);let s=await Zt(
"value",e.value,n,r);if(s===fe)return fe;s===Le&&(e.value=null)}}return o}function pd(t){return typeof t=="object"&&(t.Collection||
t.Node||t.Value)?Object.assign({Alias:t.Node,Map:t.Node,Scalar:t.Node,Seq:t.Node},t.Value&&{Map:t.Value,Scalar:t.Value,Seq:t.
Value},t.Collection&&{Map:t.Collection,Seq:t.Collection},t):t}function hd(t,e,n,r){if(typeof n=="function")return n(t,e,
r);if(ne.isMap(e))return n.Map?.(t,e,r);if(ne.isSeq(e))return n.Seq?.(t,e,r);if(ne.isPair(e))return n.Pair?.(t,e,r);if(ne.
isScalar(e))return n.Scalar?.(t,e,r);if(ne.isAlias(e))return n.Alias?.(t,e,r)}function md(t,e,n){let r=e[e.length-1];if(ne.
isCollection(r))r.items[t]=n;else if(ne.isPair(r))t==="key"?r.key=n:r.value=n;else if(ne.isDocument(r))r.contents=n;else{
let o=ne.isAlias(r)?"alias":"scalar";throw new Error(`Cannot replace node with ${o} parent`)}}oa.visit=qo;oa.visitAsync=
Uo});var ia=O(gd=>{"use strict";l();var yd=U(),Fk=Wn(),Bk={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},Kk=t=>t.
replace(/[!,[\]{}]/g,e=>Bk[e]),Gn=class t{constructor(e,n){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},
t.defaultYaml,e),this.tags=Object.assign({},t.defaultTags,n)}clone(){let e=new t(this.yaml,this.tags);return e.docStart=
this.docStart,e}atDocument(){let e=new t(this.yaml,this.tags);switch(this.yaml.version){case"1.1":this.atNextDocument=!0;
break;case"1.2":this.atNextDocument=!1,this.yaml={explicit:t.defaultYaml.explicit,version:"1.2"},this.tags=Object.assign(
{},t.defaultTags);break}return e}add(e,n){this.atNextDocument&&(this.yaml={explicit:t.defaultYaml.explicit,version:"1.1"},
this.tags=Object.assign({},t.defaultTags),this.atNextDocument=!1);let r=e.trim().split(/[ \t]+/),o=r.shift();switch(o){case"\
%TAG":{if(r.length!==2&&(n(0,"%TAG directive should contain exactly two parts"),r.length<2))return!1;let[i,s]=r;return this.
tags[i]=s,!0}case"%YAML":{if(this.yaml.explicit=!0,r.length!==1)return n(0,"%YAML directive should contain exactly one p\
art"),!1;let[i]=r;if(i==="1.1"||i==="1.2")return this.yaml.version=i,!0;{let s=/^\d+\.\d+$/.test(i);return n(6,`Unsuppor\
ted YAML version ${i}`,s),!1}}default:return n(0,`Unknown directive ${o}`,!0),!1}}tagName(e,n){if(e==="!")return"!";if(e[0]!==
"!")return n(`Not a valid tag: ${e}`),null;if(e[1]==="<"){let s=e.slice(2,-1);return s==="!"||s==="!!"?(n(`Verbatim tags\
 aren't resolved, so ${e} is invalid.`),null):(e[e.length-1]!==">"&&n("Verbatim tags must end with a >"),s)}let[,r,o]=e.
match(/^(.*!)([^!]*)$/s);o||n(`The ${e} tag has no suffix`);let i=this.tags[r];if(i)try{return i+decodeURIComponent(o)}catch(s){
return n(String(s)),null}return r==="!"?e:(n(`Could not resolve tag: ${e}`),null)}tagString(e){for(let[n,r]of Object.entries(
this.tags))if(e.startsWith(r))return n+Kk(e.substring(r.length));return e[0]==="!"?e:`!<${e}>`}toString(e){let n=this.yaml.
explicit?[`%YAML ${this.yaml.version||"1.2"}`]:[],r=Object.entries(this.tags),o;if(e&&r.length>0&&yd.isNode(e.contents)){
let i={};Fk.visit(e.contents,(s,a)=>{yd.isNode(a)&&a.tag&&(i[a.tag]=!0)}),o=Object.keys(i)}else o=[];for(let[i,s]of r)i===
"!!"&&s==="tag:yaml.org,2002:"||(!e||o.some(a=>a.startsWith(s)))&&n.push(`%TAG ${i} ${s}`);return n.join(`
`)}};Gn.defaultYaml={explicit:!1,version:"1.2"};Gn.defaultTags={"!!":"tag:yaml.org,2002:"};gd.Directives=Gn});var Fo=O(Jn=>{"use strict";l();var wd=U(),Hk=Wn();function Yk(t){if(/[\x00-\x19\s,[\]{}]/.test(t)){let n=`Anchor must no\
t contain whitespace or control characters: ${JSON.stringify(t)}`;throw new Error(n)}return!0}function bd(t){let e=new Set;
return Hk.visit(t,{Value(n,r){r.anchor&&e.add(r.anchor)}}),e}function Sd(t,e){for(let n=1;;++n){let r=`${t}${n}`;if(!e.has(
r))return r}}function Wk(t,e){let n=[],r=new Map,o=null;return{onAnchor:i=>{n.push(i),o??(o=bd(t));let s=Sd(e,o);return o.
add(s),s},setAnchors:()=>{for(let i of n){let s=r.get(i);if(typeof s=="object"&&s.anchor&&(wd.isScalar(s.node)||wd.isCollection(
s.node)))s.node.anchor=s.anchor;else{let a=new Error("Failed to resolve repeated object (this should not happen)");throw a.
source=i,a}}},sourceObjects:r}}Jn.anchorIsValid=Yk;Jn.anchorNames=bd;Jn.createNodeAnchors=Wk;Jn.findNewAnchor=Sd});var sa=O(kd=>{"use strict";l();function Vn(t,e,n,r){if(r&&typeof r=="object")if(Array.isArray(r))for(let o=0,i=r.length;o<
i;++o){let s=r[o],a=Vn(t,r,String(o),s);a===void 0?delete r[o]:a!==s&&(r[o]=a)}else if(r instanceof Map)for(let o of Array.
from(r.keys())){let i=r.get(o),s=Vn(t,r,o,i);s===void 0?r.delete(o):s!==i&&r.set(o,s)}else if(r instanceof Set)for(let o of Array.
from(r)){let i=Vn(t,r,o,o);i===void 0?r.delete(o):i!==o&&(r.delete(o),r.add(i))}else for(let[o,i]of Object.entries(r)){let s=Vn(
t,r,o,i);s===void 0?delete r[o]:s!==i&&(r[o]=s)}return t.call(e,n,r)}kd.applyReviver=Vn});var at=O(Ad=>{"use strict";l();var Gk=U();function Ed(t,e,n){if(Array.isArray(t))return t.map((r,o)=>Ed(r,String(o),n));
if(t&&typeof t.toJSON=="function"){if(!n||!Gk.hasAnchor(t))return t.toJSON(e,n);let r={aliasCount:0,count:1,res:void 0};
n.anchors.set(t,r),n.onCreate=i=>{r.res=i,delete n.onCreate};let o=t.toJSON(e,n);return n.onCreate&&n.onCreate(o),o}return typeof t==
"bigint"&&!n?.keep?Number(t):t}Ad.toJS=Ed});var Bo=O(_d=>{"use strict";l();var Jk=sa(),Td=U(),Vk=at(),aa=class{constructor(e){Object.defineProperty(this,Td.NODE_TYPE,
{value:e})}clone(){let e=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&
(e.range=this.range.slice()),e}toJS(e,{mapAsMap:n,maxAliasCount:r,onAnchor:o,reviver:i}={}){if(!Td.isDocument(e))throw new TypeError(
"A document argument is required");let s={anchors:new Map,doc:e,keep:!0,mapAsMap:n===!0,mapKeyWarned:!1,maxAliasCount:typeof r==
"number"?r:100},a=Vk.toJS(this,"",s);if(typeof o=="function")for(let{count:c,res:u}of s.anchors.values())o(u,c);return typeof i==
"function"?Jk.applyReviver(i,{"":a},"",a):a}};_d.NodeBase=aa});var zn=O(Od=>{"use strict";l();var zk=Fo(),Xk=Wn(),en=U(),Qk=Bo(),Zk=at(),ca=class extends Qk.NodeBase{constructor(e){super(
en.ALIAS),this.source=e,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot have tags")}})}resolve(e,n){
if(n?.maxAliasCount===0)throw new ReferenceError("Alias resolution is disabled");let r;n?.aliasResolveCache?r=n.aliasResolveCache:
(r=[],Xk.visit(e,{Node:(i,s)=>{(en.isAlias(s)||en.hasAnchor(s))&&r.push(s)}}),n&&(n.aliasResolveCache=r));let o;for(let i of r){
if(i===this)break;i.anchor===this.source&&(o=i)}if(o&&n){let{anchors:i,doc:s,maxAliasCount:a}=n,c=i.get(o);if(c||(Zk.toJS(
o,null,n),c=i.get(o)),c?.res===void 0){let u="This should not happen: Alias anchor was not resolved?";throw new ReferenceError(
u)}if(a>=0&&(c.count+=1,c.aliasCount===0&&(c.aliasCount=Ko(s,o,i)),c.count*c.aliasCount>a)){let u="Excessive alias count\
 indicates a resource exhaustion attack";throw new ReferenceError(u)}}return o}toJSON(e,n){if(!n)return{source:this.source};
let r=this.resolve(n.doc,n);if(!r){let o=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw new ReferenceError(
o)}return n.anchors.get(r).res}toString(e,n,r){let o=`*${this.source}`;if(e){if(zk.anchorIsValid(this.source),e.options.
verifyAliasOrder&&!e.anchors.has(this.source)){let i=`Unresolved alias (the anchor must be set before the alias): ${this.
source}`;throw new Error(i)}if(e.implicitKey)return`${o} `}return o}};function Ko(t,e,n){if(en.isAlias(e)){let r=e.resolve(
t),o=n&&r&&n.get(r);return o?o.count*o.aliasCount:0}else if(en.isCollection(e)){let r=0;for(let o of e.items){let i=Ko(t,
o,n);i>r&&(r=i)}return r}else if(en.isPair(e)){let r=Ko(t,e.key,n),o=Ko(t,e.value,n);return Math.max(r,o)}return 1}Od.Alias=
ca});var ee=O(la=>{"use strict";l();var eE=U(),tE=Bo(),nE=at(),rE=t=>!t||typeof t!="function"&&typeof t!="object",ct=class extends tE.
NodeBase{constructor(e){super(eE.SCALAR),this.value=e}toJSON(e,n){return n?.keep?this.value:nE.toJS(this.value,e,n)}toString(){
return String(this.value)}};ct.BLOCK_FOLDED="BLOCK_FOLDED";ct.BLOCK_LITERAL="BLOCK_LITERAL";ct.PLAIN="PLAIN";ct.QUOTE_DOUBLE=
"QUOTE_DOUBLE";ct.QUOTE_SINGLE="QUOTE_SINGLE";la.Scalar=ct;la.isScalarValue=rE});var Xn=O(vd=>{"use strict";l();var oE=zn(),vt=U(),xd=ee(),iE="tag:yaml.org,2002:";function sE(t,e,n){if(e){let r=n.filter(
i=>i.tag===e),o=r.find(i=>!i.format)??r[0];if(!o)throw new Error(`Tag ${e} not found`);return o}return n.find(r=>r.identify?.(
t)&&!r.format)}function aE(t,e,n){if(vt.isDocument(t)&&(t=t.contents),vt.isNode(t))return t;if(vt.isPair(t)){let f=n.schema[vt.
MAP].createNode?.(n.schema,null,n);return f.items.push(t),f}(t instanceof String||t instanceof Number||t instanceof Boolean||
typeof BigInt<"u"&&t instanceof BigInt)&&(t=t.valueOf());let{aliasDuplicateObjects:r,onAnchor:o,onTagObj:i,schema:s,sourceObjects:a}=n,
c;if(r&&t&&typeof t=="object"){if(c=a.get(t),c)return c.anchor??(c.anchor=o(t)),new oE.Alias(c.anchor);c={anchor:null,node:null},
a.set(t,c)}e?.startsWith("!!")&&(e=iE+e.slice(2));let u=sE(t,e,s.tags);if(!u){if(t&&typeof t.toJSON=="function"&&(t=t.toJSON()),
!t||typeof t!="object"){let f=new xd.Scalar(t);return c&&(c.node=f),f}u=t instanceof Map?s[vt.MAP]:Symbol.iterator in Object(
t)?s[vt.SEQ]:s[vt.MAP]}i&&(i(u),delete n.onTagObj);let d=u?.createNode?u.createNode(n.schema,t,n):typeof u?.nodeClass?.from==
"function"?u.nodeClass.from(n.schema,t,n):new xd.Scalar(t);return e?d.tag=e:u.default||(d.tag=u.tag),c&&(c.node=d),d}vd.
createNode=aE});var Yo=O(Ho=>{"use strict";l();var cE=Xn(),Me=U(),lE=Bo();function ua(t,e,n){let r=n;for(let o=e.length-1;o>=0;--o){let i=e[o];
if(typeof i=="number"&&Number.isInteger(i)&&i>=0){let s=[];s[i]=r,r=s}else r=new Map([[i,r]])}return cE.createNode(r,void 0,
{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("This should not happen, please report a bug.")},
schema:t,sourceObjects:new Map})}var Rd=t=>t==null||typeof t=="object"&&!!t[Symbol.iterator]().next().done,fa=class extends lE.
NodeBase{constructor(e,n){super(e),Object.defineProperty(this,"schema",{value:n,configurable:!0,enumerable:!1,writable:!0})}clone(e){
let n=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return e&&(n.schema=e),n.items=n.
items.map(r=>Me.isNode(r)||Me.isPair(r)?r.clone(e):r),this.range&&(n.range=this.range.slice()),n}addIn(e,n){if(Rd(e))this.
add(n);else{let[r,...o]=e,i=this.get(r,!0);if(Me.isCollection(i))i.addIn(o,n);else if(i===void 0&&this.schema)this.set(r,
ua(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}deleteIn(e){let[n,...r]=e;
if(r.length===0)return this.delete(n);let o=this.get(n,!0);if(Me.isCollection(o))return o.deleteIn(r);throw new Error(`E\
xpected YAML collection at ${n}. Remaining path: ${r}`)}getIn(e,n){let[r,...o]=e,i=this.get(r,!0);return o.length===0?!n&&
Me.isScalar(i)?i.value:i:Me.isCollection(i)?i.getIn(o,n):void 0}hasAllNullValues(e){return this.items.every(n=>{if(!Me.isPair(
n))return!1;let r=n.value;return r==null||e&&Me.isScalar(r)&&r.value==null&&!r.commentBefore&&!r.comment&&!r.tag})}hasIn(e){
let[n,...r]=e;if(r.length===0)return this.has(n);let o=this.get(n,!0);return Me.isCollection(o)?o.hasIn(r):!1}setIn(e,n){
let[r,...o]=e;if(o.length===0)this.set(r,n);else{let i=this.get(r,!0);if(Me.isCollection(i))i.setIn(o,n);else if(i===void 0&&
this.schema)this.set(r,ua(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}};
Ho.Collection=fa;Ho.collectionFromPath=ua;Ho.isEmptyPath=Rd});var Qn=O(Wo=>{"use strict";l();var uE=t=>t.replace(/^(?!$)(?: $)?/gm,"#");function da(t,e){return/^\n+$/.test(t)?t.substring(
1):e?t.replace(/^(?! *$)/gm,e):t}var fE=(t,e,n)=>t.endsWith(`
`)?da(n,e):n.includes(`
`)?`
`+da(n,e):(t.endsWith(" ")?"":" ")+n;Wo.indentComment=da;Wo.lineComment=fE;Wo.stringifyComment=uE});var Id=O(Zn=>{"use strict";l();var dE="flow",pa="block",Go="quoted";function pE(t,e,n="flow",{indentAtStart:r,lineWidth:o=80,
minContentWidth:i=20,onFold:s,onOverflow:a}={}){if(!o||o<0)return t;o<i&&(i=0);let c=Math.max(1+i,1+o-e.length);if(t.length<=
c)return t;let u=[],d={},f=o-e.length;typeof r=="number"&&(r>o-Math.max(2,i)?u.push(0):f=o-r);let p,g,S=!1,y=-1,w=-1,k=-1;
n===pa&&(y=Cd(t,y,e.length),y!==-1&&(f=y+c));for(let _;_=t[y+=1];){if(n===Go&&_==="\\"){switch(w=y,t[y+1]){case"x":y+=3;
break;case"u":y+=5;break;case"U":y+=9;break;default:y+=1}k=y}if(_===`
`)n===pa&&(y=Cd(t,y,e.length)),f=y+e.length+c,p=void 0;else{if(_===" "&&g&&g!==" "&&g!==`
`&&g!=="	"){let C=t[y+1];C&&C!==" "&&C!==`
`&&C!=="	"&&(p=y)}if(y>=f)if(p)u.push(p),f=p+c,p=void 0;else if(n===Go){for(;g===" "||g==="	";)g=_,_=t[y+=1],S=!0;let C=y>
k+1?y-2:w-1;if(d[C])return t;u.push(C),d[C]=!0,f=C+c,p=void 0}else S=!0}g=_}if(S&&a&&a(),u.length===0)return t;s&&s();let A=t.
slice(0,u[0]);for(let _=0;_<u.length;++_){let C=u[_],I=u[_+1]||t.length;C===0?A=`
${e}${t.slice(0,I)}`:(n===Go&&d[C]&&(A+=`${t[C]}\\`),A+=`
${e}${t.slice(C+1,I)}`)}return A}function Cd(t,e,n){let r=e,o=e+1,i=t[o];for(;i===" "||i==="	";)if(e<o+n)i=t[++e];else{do
i=t[++e];while(i&&i!==`
`);r=e,o=e+1,i=t[o]}return r}Zn.FOLD_BLOCK=pa;Zn.FOLD_FLOW=dE;Zn.FOLD_QUOTED=Go;Zn.foldFlowLines=pE});var tr=O(Nd=>{"use strict";l();var ve=ee(),lt=Id(),Vo=(t,e)=>({indentAtStart:e?t.indent.length:t.indentAtStart,lineWidth:t.
options.lineWidth,minContentWidth:t.options.minContentWidth}),zo=t=>/^(%|---|\.\.\.)/m.test(t);function hE(t,e,n){if(!e||
e<0)return!1;let r=e-n,o=t.length;if(o<=r)return!1;for(let i=0,s=0;i<o;++i)if(t[i]===`
`){if(i-s>r)return!0;if(s=i+1,o-s<=r)return!1}return!0}function er(t,e){let n=JSON.stringify(t);if(e.options.doubleQuotedAsJSON)
return n;let{implicitKey:r}=e,o=e.options.doubleQuotedMinMultiLineLength,i=e.indent||(zo(t)?"  ":""),s="",a=0;for(let c=0,
u=n[c];u;u=n[++c])if(u===" "&&n[c+1]==="\\"&&n[c+2]==="n"&&(s+=n.slice(a,c)+"\\ ",c+=1,a=c,u="\\"),u==="\\")switch(n[c+1]){case"\
u":{s+=n.slice(a,c);let d=n.substr(c+2,4);switch(d){case"0000":s+="\\0";break;case"0007":s+="\\a";break;case"000b":s+="\\\
v";break;case"001b":s+="\\e";break;case"0085":s+="\\N";break;case"00a0":s+="\\_";break;case"2028":s+="\\L";break;case"20\
29":s+="\\P";break;default:d.substr(0,2)==="00"?s+="\\x"+d.substr(2):s+=n.substr(c,6)}c+=5,a=c+1}break;case"n":if(r||n[c+
2]==='"'||n.length<o)c+=1;else{for(s+=n.slice(a,c)+`

`;n[c+2]==="\\"&&n[c+3]==="n"&&n[c+4]!=='"';)s+=`
`,c+=2;s+=i,n[c+2]===" "&&(s+="\\"),c+=1,a=c+1}break;default:c+=1}return s=a?s+n.slice(a):n,r?s:lt.foldFlowLines(s,i,lt.
FOLD_QUOTED,Vo(e,!1))}function ha(t,e){if(e.options.singleQuote===!1||e.implicitKey&&t.includes(`
`)||/[ \t]\n|\n[ \t]/.test(t))return er(t,e);let n=e.indent||(zo(t)?"  ":""),r="'"+t.replace(/'/g,"''").replace(/\n+/g,`\
$&
${n}`)+"'";return e.implicitKey?r:lt.foldFlowLines(r,n,lt.FOLD_FLOW,Vo(e,!1))}function tn(t,e){let{singleQuote:n}=e.options,
r;if(n===!1)r=er;else{let o=t.includes('"'),i=t.includes("'");o&&!i?r=ha:i&&!o?r=er:r=n?ha:er}return r(t,e)}var ma;try{ma=
new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{ma=/\n+(?!\n|$)/g}function Jo({comment:t,type:e,value:n},r,o,i){let{blockQuote:s,commentString:a,lineWidth:c}=r.
options;if(!s||/\n[\t ]+$/.test(n))return tn(n,r);let u=r.indent||(r.forceBlockIndent||zo(n)?"  ":""),d=s==="literal"?!0:
s==="folded"||e===ve.Scalar.BLOCK_FOLDED?!1:e===ve.Scalar.BLOCK_LITERAL?!0:!hE(n,c,u.length);if(!n)return d?`|
`:`>
`;let f,p;for(p=n.length;p>0;--p){let I=n[p-1];if(I!==`
`&&I!=="	"&&I!==" ")break}let g=n.substring(p),S=g.indexOf(`
`);S===-1?f="-":n===g||S!==g.length-1?(f="+",i&&i()):f="",g&&(n=n.slice(0,-g.length),g[g.length-1]===`
`&&(g=g.slice(0,-1)),g=g.replace(ma,`$&${u}`));let y=!1,w,k=-1;for(w=0;w<n.length;++w){let I=n[w];if(I===" ")y=!0;else if(I===
`
`)k=w;else break}let A=n.substring(0,k<w?k+1:w);A&&(n=n.substring(A.length),A=A.replace(/\n+/g,`$&${u}`));let C=(y?u?"2":
"1":"")+f;if(t&&(C+=" "+a(t.replace(/ ?[\r\n]+/g," ")),o&&o()),!d){let I=n.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${u}`),L=!1,W=Vo(r,!0);s!=="fold\
ed"&&e!==ve.Scalar.BLOCK_FOLDED&&(W.onOverflow=()=>{L=!0});let R=lt.foldFlowLines(`${A}${I}${g}`,u,lt.FOLD_BLOCK,W);if(!L)
return`>${C}
${u}${R}`}return n=n.replace(/\n+/g,`$&${u}`),`|${C}
${u}${A}${n}${g}`}function mE(t,e,n,r){let{type:o,value:i}=t,{actualString:s,implicitKey:a,indent:c,indentStep:u,inFlow:d}=e;
if(a&&i.includes(`
`)||d&&/[[\]{},]/.test(i))return tn(i,e);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(i))return a||d||!i.includes(`
`)?tn(i,e):Jo(t,e,n,r);if(!a&&!d&&o!==ve.Scalar.PLAIN&&i.includes(`
`))return Jo(t,e,n,r);if(zo(i)){if(c==="")return e.forceBlockIndent=!0,Jo(t,e,n,r);if(a&&c===u)return tn(i,e)}let f=i.replace(
/\n+/g,`$&
${c}`);if(s){let p=y=>y.default&&y.tag!=="tag:yaml.org,2002:str"&&y.test?.test(f),{compat:g,tags:S}=e.doc.schema;if(S.some(
p)||g?.some(p))return tn(i,e)}return a?f:lt.foldFlowLines(f,c,lt.FOLD_FLOW,Vo(e,!1))}function yE(t,e,n,r){let{implicitKey:o,
inFlow:i}=e,s=typeof t.value=="string"?t:Object.assign({},t,{value:String(t.value)}),{type:a}=t;a!==ve.Scalar.QUOTE_DOUBLE&&
/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(s.value)&&(a=ve.Scalar.QUOTE_DOUBLE);let c=d=>{switch(d){case ve.
Scalar.BLOCK_FOLDED:case ve.Scalar.BLOCK_LITERAL:return o||i?tn(s.value,e):Jo(s,e,n,r);case ve.Scalar.QUOTE_DOUBLE:return er(
s.value,e);case ve.Scalar.QUOTE_SINGLE:return ha(s.value,e);case ve.Scalar.PLAIN:return mE(s,e,n,r);default:return null}},
u=c(a);if(u===null){let{defaultKeyType:d,defaultStringType:f}=e.options,p=o&&d||f;if(u=c(p),u===null)throw new Error(`Un\
supported default string type ${p}`)}return u}Nd.stringifyString=yE});var nr=O(ya=>{"use strict";l();var gE=Fo(),ut=U(),wE=Qn(),bE=tr();function SE(t,e){let n=Object.assign({blockQuote:!0,commentString:wE.
stringifyComment,defaultKeyType:null,defaultStringType:"PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,
falseStr:"false",flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,
trailingComma:!1,trueStr:"true",verifyAliasOrder:!0},t.schema.toStringOptions,e),r;switch(n.collectionStyle){case"block":
r=!1;break;case"flow":r=!0;break;default:r=null}return{anchors:new Set,doc:t,flowCollectionPadding:n.flowCollectionPadding?
" ":"",indent:"",indentStep:typeof n.indent=="number"?" ".repeat(n.indent):"  ",inFlow:r,options:n}}function kE(t,e){if(e.
tag){let o=t.filter(i=>i.tag===e.tag);if(o.length>0)return o.find(i=>i.format===e.format)??o[0]}let n,r;if(ut.isScalar(e)){
r=e.value;let o=t.filter(i=>i.identify?.(r));if(o.length>1){let i=o.filter(s=>s.test);i.length>0&&(o=i)}n=o.find(i=>i.format===
e.format)??o.find(i=>!i.format)}else r=e,n=t.find(o=>o.nodeClass&&r instanceof o.nodeClass);if(!n){let o=r?.constructor?.
name??(r===null?"null":typeof r);throw new Error(`Tag not resolved for ${o} value`)}return n}function EE(t,e,{anchors:n,
doc:r}){if(!r.directives)return"";let o=[],i=(ut.isScalar(t)||ut.isCollection(t))&&t.anchor;i&&gE.anchorIsValid(i)&&(n.add(
i),o.push(`&${i}`));let s=t.tag??(e.default?null:e.tag);return s&&o.push(r.directives.tagString(s)),o.join(" ")}function AE(t,e,n,r){
if(ut.isPair(t))return t.toString(e,n,r);if(ut.isAlias(t)){if(e.doc.directives)return t.toString(e);if(e.resolvedAliases?.
has(t))throw new TypeError("Cannot stringify circular structure without alias nodes");e.resolvedAliases?e.resolvedAliases.
add(t):e.resolvedAliases=new Set([t]),t=t.resolve(e.doc)}let o,i=ut.isNode(t)?t:e.doc.createNode(t,{onTagObj:c=>o=c});o??
(o=kE(e.doc.schema.tags,i));let s=EE(i,o,e);s.length>0&&(e.indentAtStart=(e.indentAtStart??0)+s.length+1);let a=typeof o.
stringify=="function"?o.stringify(i,e,n,r):ut.isScalar(i)?bE.stringifyString(i,e,n,r):i.toString(e,n,r);return s?ut.isScalar(
i)||a[0]==="{"||a[0]==="["?`${s} ${a}`:`${s}
${e.indent}${a}`:a}ya.createStringifyContext=SE;ya.stringify=AE});var Md=O(Ld=>{"use strict";l();var Ke=U(),Pd=ee(),$d=nr(),rr=Qn();function TE({key:t,value:e},n,r,o){let{allNullValues:i,
doc:s,indent:a,indentStep:c,options:{commentString:u,indentSeq:d,simpleKeys:f}}=n,p=Ke.isNode(t)&&t.comment||null;if(f){
if(p)throw new Error("With simple keys, key nodes cannot have comments");if(Ke.isCollection(t)||!Ke.isNode(t)&&typeof t==
"object"){let W="With simple keys, collection cannot be used as a key value";throw new Error(W)}}let g=!f&&(!t||p&&e==null&&
!n.inFlow||Ke.isCollection(t)||(Ke.isScalar(t)?t.type===Pd.Scalar.BLOCK_FOLDED||t.type===Pd.Scalar.BLOCK_LITERAL:typeof t==
"object"));n=Object.assign({},n,{allNullValues:!1,implicitKey:!g&&(f||!i),indent:a+c});let S=!1,y=!1,w=$d.stringify(t,n,
()=>S=!0,()=>y=!0);if(!g&&!n.inFlow&&w.length>1024){if(f)throw new Error("With simple keys, single line scalar must not \
span more than 1024 characters");g=!0}if(n.inFlow){if(i||e==null)return S&&r&&r(),w===""?"?":g?`? ${w}`:w}else if(i&&!f||
e==null&&g)return w=`? ${w}`,p&&!S?w+=rr.lineComment(w,n.indent,u(p)):y&&o&&o(),w;S&&(p=null),g?(p&&(w+=rr.lineComment(w,
n.indent,u(p))),w=`? ${w}
${a}:`):(w=`${w}:`,p&&(w+=rr.lineComment(w,n.indent,u(p))));let k,A,_;Ke.isNode(e)?(k=!!e.spaceBefore,A=e.commentBefore,
_=e.comment):(k=!1,A=null,_=null,e&&typeof e=="object"&&(e=s.createNode(e))),n.implicitKey=!1,!g&&!p&&Ke.isScalar(e)&&(n.
indentAtStart=w.length+1),y=!1,!d&&c.length>=2&&!n.inFlow&&!g&&Ke.isSeq(e)&&!e.flow&&!e.tag&&!e.anchor&&(n.indent=n.indent.
substring(2));let C=!1,I=$d.stringify(e,n,()=>C=!0,()=>y=!0),L=" ";if(p||k||A){if(L=k?`
`:"",A){let W=u(A);L+=`
${rr.indentComment(W,n.indent)}`}I===""&&!n.inFlow?L===`
`&&_&&(L=`

`):L+=`
${n.indent}`}else if(!g&&Ke.isCollection(e)){let W=I[0],R=I.indexOf(`
`),X=R!==-1,ze=n.inFlow??e.flow??e.items.length===0;if(X||!ze){let Kt=!1;if(X&&(W==="&"||W==="!")){let te=I.indexOf(" ");
W==="&"&&te!==-1&&te<R&&I[te+1]==="!"&&(te=I.indexOf(" ",te+1)),(te===-1||R<te)&&(Kt=!0)}Kt||(L=`
${n.indent}`)}}else(I===""||I[0]===`
`)&&(L="");return w+=L+I,n.inFlow?C&&r&&r():_&&!C?w+=rr.lineComment(w,n.indent,u(_)):y&&o&&o(),w}Ld.stringifyPair=TE});var wa=O(ga=>{"use strict";l();var jd=require("process");function _E(t,...e){t==="debug"&&console.log(...e)}function OE(t,e){
(t==="debug"||t==="warn")&&(typeof jd.emitWarning=="function"?jd.emitWarning(e):console.warn(e))}ga.debug=_E;ga.warn=OE});var ti=O(ei=>{"use strict";l();var Zo=U(),Dd=ee(),Xo="<<",Qo={identify:t=>t===Xo||typeof t=="symbol"&&t.description===Xo,
default:"key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new Dd.Scalar(Symbol(Xo)),{addToJSMap:qd}),
stringify:()=>Xo},xE=(t,e)=>(Qo.identify(e)||Zo.isScalar(e)&&(!e.type||e.type===Dd.Scalar.PLAIN)&&Qo.identify(e.value))&&
t?.doc.schema.tags.some(n=>n.tag===Qo.tag&&n.default);function qd(t,e,n){let r=Ud(t,n);if(Zo.isSeq(r))for(let o of r.items)
ba(t,e,o);else if(Array.isArray(r))for(let o of r)ba(t,e,o);else ba(t,e,r)}function ba(t,e,n){let r=Ud(t,n);if(!Zo.isMap(
r))throw new Error("Merge sources must be maps or map aliases");let o=r.toJSON(null,t,Map);for(let[i,s]of o)e instanceof
Map?e.has(i)||e.set(i,s):e instanceof Set?e.add(i):Object.prototype.hasOwnProperty.call(e,i)||Object.defineProperty(e,i,
{value:s,writable:!0,enumerable:!0,configurable:!0});return e}function Ud(t,e){return t&&Zo.isAlias(e)?e.resolve(t.doc,t):
e}ei.addMergeToJSMap=qd;ei.isMergeKey=xE;ei.merge=Qo});var ka=O(Kd=>{"use strict";l();var vE=wa(),Fd=ti(),RE=nr(),Bd=U(),Sa=at();function CE(t,e,{key:n,value:r}){if(Bd.isNode(
n)&&n.addToJSMap)n.addToJSMap(t,e,r);else if(Fd.isMergeKey(t,n))Fd.addMergeToJSMap(t,e,r);else{let o=Sa.toJS(n,"",t);if(e instanceof
Map)e.set(o,Sa.toJS(r,o,t));else if(e instanceof Set)e.add(o);else{let i=IE(n,o,t),s=Sa.toJS(r,i,t);i in e?Object.defineProperty(
e,i,{value:s,writable:!0,enumerable:!0,configurable:!0}):e[i]=s}}return e}function IE(t,e,n){if(e===null)return"";if(typeof e!=
"object")return String(e);if(Bd.isNode(t)&&n?.doc){let r=RE.createStringifyContext(n.doc,{});r.anchors=new Set;for(let i of n.
anchors.keys())r.anchors.add(i.anchor);r.inFlow=!0,r.inStringifyKey=!0;let o=t.toString(r);if(!n.mapKeyWarned){let i=JSON.
stringify(o);i.length>40&&(i=i.substring(0,36)+'..."'),vE.warn(n.doc.options.logLevel,`Keys with collection values will \
be stringified due to JS Object restrictions: ${i}. Set mapAsMap: true to use object keys.`),n.mapKeyWarned=!0}return o}
return JSON.stringify(e)}Kd.addPairToJSMap=CE});var ft=O(Ea=>{"use strict";l();var Hd=Xn(),NE=Md(),PE=ka(),ni=U();function $E(t,e,n){let r=Hd.createNode(t,void 0,n),o=Hd.
createNode(e,void 0,n);return new ri(r,o)}var ri=class t{constructor(e,n=null){Object.defineProperty(this,ni.NODE_TYPE,{
value:ni.PAIR}),this.key=e,this.value=n}clone(e){let{key:n,value:r}=this;return ni.isNode(n)&&(n=n.clone(e)),ni.isNode(r)&&
(r=r.clone(e)),new t(n,r)}toJSON(e,n){let r=n?.mapAsMap?new Map:{};return PE.addPairToJSMap(n,r,this)}toString(e,n,r){return e?.
doc?NE.stringifyPair(this,e,n,r):JSON.stringify(this)}};Ea.Pair=ri;Ea.createPair=$E});var Aa=O(Wd=>{"use strict";l();var Rt=U(),Yd=nr(),oi=Qn();function LE(t,e,n){return(e.inFlow??t.flow?jE:ME)(t,e,n)}function ME({
comment:t,items:e},n,{blockItemPrefix:r,flowChars:o,itemIndent:i,onChompKeep:s,onComment:a}){let{indent:c,options:{commentString:u}}=n,
d=Object.assign({},n,{indent:i,type:null}),f=!1,p=[];for(let S=0;S<e.length;++S){let y=e[S],w=null;if(Rt.isNode(y))!f&&y.
spaceBefore&&p.push(""),ii(n,p,y.commentBefore,f),y.comment&&(w=y.comment);else if(Rt.isPair(y)){let A=Rt.isNode(y.key)?
y.key:null;A&&(!f&&A.spaceBefore&&p.push(""),ii(n,p,A.commentBefore,f))}f=!1;let k=Yd.stringify(y,d,()=>w=null,()=>f=!0);
w&&(k+=oi.lineComment(k,i,u(w))),f&&w&&(f=!1),p.push(r+k)}let g;if(p.length===0)g=o.start+o.end;else{g=p[0];for(let S=1;S<
p.length;++S){let y=p[S];g+=y?`
${c}${y}`:`
`}}return t?(g+=`
`+oi.indentComment(u(t),c),a&&a()):f&&s&&s(),g}function jE({items:t},e,{flowChars:n,itemIndent:r}){let{indent:o,indentStep:i,
flowCollectionPadding:s,options:{commentString:a}}=e;r+=i;let c=Object.assign({},e,{indent:r,inFlow:!0,type:null}),u=!1,
d=0,f=[];for(let S=0;S<t.length;++S){let y=t[S],w=null;if(Rt.isNode(y))y.spaceBefore&&f.push(""),ii(e,f,y.commentBefore,
!1),y.comment&&(w=y.comment);else if(Rt.isPair(y)){let A=Rt.isNode(y.key)?y.key:null;A&&(A.spaceBefore&&f.push(""),ii(e,
f,A.commentBefore,!1),A.comment&&(u=!0));let _=Rt.isNode(y.value)?y.value:null;_?(_.comment&&(w=_.comment),_.commentBefore&&
(u=!0)):y.value==null&&A?.comment&&(w=A.comment)}w&&(u=!0);let k=Yd.stringify(y,c,()=>w=null);u||(u=f.length>d||k.includes(
`
`)),S<t.length-1?k+=",":e.options.trailingComma&&(e.options.lineWidth>0&&(u||(u=f.reduce((A,_)=>A+_.length+2,2)+(k.length+
2)>e.options.lineWidth)),u&&(k+=",")),w&&(k+=oi.lineComment(k,r,a(w))),f.push(k),d=f.length}let{start:p,end:g}=n;if(f.length===
0)return p+g;if(!u){let S=f.reduce((y,w)=>y+w.length+2,2);u=e.options.lineWidth>0&&S>e.options.lineWidth}if(u){let S=p;for(let y of f)
S+=y?`
${i}${o}${y}`:`
`;return`${S}
${o}${g}`}else return`${p}${s}${f.join(" ")}${s}${g}`}function ii({indent:t,options:{commentString:e}},n,r,o){if(r&&o&&(r=
r.replace(/^\n+/,"")),r){let i=oi.indentComment(e(r),t);n.push(i.trimStart())}}Wd.stringifyCollection=LE});var pt=O(_a=>{"use strict";l();var DE=Aa(),qE=ka(),UE=Yo(),dt=U(),si=ft(),FE=ee();function or(t,e){let n=dt.isScalar(e)?
e.value:e;for(let r of t)if(dt.isPair(r)&&(r.key===e||r.key===n||dt.isScalar(r.key)&&r.key.value===n))return r}var Ta=class extends UE.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(e){super(dt.MAP,e),this.items=[]}static from(e,n,r){
let{keepUndefined:o,replacer:i}=r,s=new this(e),a=(c,u)=>{if(typeof i=="function")u=i.call(n,c,u);else if(Array.isArray(
i)&&!i.includes(c))return;(u!==void 0||o)&&s.items.push(si.createPair(c,u,r))};if(n instanceof Map)for(let[c,u]of n)a(c,
u);else if(n&&typeof n=="object")for(let c of Object.keys(n))a(c,n[c]);return typeof e.sortMapEntries=="function"&&s.items.
sort(e.sortMapEntries),s}add(e,n){let r;dt.isPair(e)?r=e:!e||typeof e!="object"||!("key"in e)?r=new si.Pair(e,e?.value):
r=new si.Pair(e.key,e.value);let o=or(this.items,r.key),i=this.schema?.sortMapEntries;if(o){if(!n)throw new Error(`Key ${r.
key} already set`);dt.isScalar(o.value)&&FE.isScalarValue(r.value)?o.value.value=r.value:o.value=r.value}else if(i){let s=this.
items.findIndex(a=>i(r,a)<0);s===-1?this.items.push(r):this.items.splice(s,0,r)}else this.items.push(r)}delete(e){let n=or(
this.items,e);return n?this.items.splice(this.items.indexOf(n),1).length>0:!1}get(e,n){let o=or(this.items,e)?.value;return(!n&&
dt.isScalar(o)?o.value:o)??void 0}has(e){return!!or(this.items,e)}set(e,n){this.add(new si.Pair(e,n),!0)}toJSON(e,n,r){let o=r?
new r:n?.mapAsMap?new Map:{};n?.onCreate&&n.onCreate(o);for(let i of this.items)qE.addPairToJSMap(n,o,i);return o}toString(e,n,r){
if(!e)return JSON.stringify(this);for(let o of this.items)if(!dt.isPair(o))throw new Error(`Map items must all be pairs;\
 found ${JSON.stringify(o)} instead`);return!e.allNullValues&&this.hasAllNullValues(!1)&&(e=Object.assign({},e,{allNullValues:!0})),
DE.stringifyCollection(this,e,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:e.indent||"",onChompKeep:r,onComment:n})}};
_a.YAMLMap=Ta;_a.findPair=or});var nn=O(Jd=>{"use strict";l();var BE=U(),Gd=pt(),KE={collection:"map",default:!0,nodeClass:Gd.YAMLMap,tag:"tag:yaml.org\
,2002:map",resolve(t,e){return BE.isMap(t)||e("Expected a mapping for this tag"),t},createNode:(t,e,n)=>Gd.YAMLMap.from(
t,e,n)};Jd.map=KE});var ht=O(Vd=>{"use strict";l();var HE=Xn(),YE=Aa(),WE=Yo(),ci=U(),GE=ee(),JE=at(),Oa=class extends WE.Collection{static get tagName(){
return"tag:yaml.org,2002:seq"}constructor(e){super(ci.SEQ,e),this.items=[]}add(e){this.items.push(e)}delete(e){let n=ai(
e);return typeof n!="number"?!1:this.items.splice(n,1).length>0}get(e,n){let r=ai(e);if(typeof r!="number")return;let o=this.
items[r];return!n&&ci.isScalar(o)?o.value:o}has(e){let n=ai(e);return typeof n=="number"&&n<this.items.length}set(e,n){let r=ai(
e);if(typeof r!="number")throw new Error(`Expected a valid index, not ${e}.`);let o=this.items[r];ci.isScalar(o)&&GE.isScalarValue(
n)?o.value=n:this.items[r]=n}toJSON(e,n){let r=[];n?.onCreate&&n.onCreate(r);let o=0;for(let i of this.items)r.push(JE.toJS(
i,String(o++),n));return r}toString(e,n,r){return e?YE.stringifyCollection(this,e,{blockItemPrefix:"- ",flowChars:{start:"\
[",end:"]"},itemIndent:(e.indent||"")+"  ",onChompKeep:r,onComment:n}):JSON.stringify(this)}static from(e,n,r){let{replacer:o}=r,
i=new this(e);if(n&&Symbol.iterator in Object(n)){let s=0;for(let a of n){if(typeof o=="function"){let c=n instanceof Set?
a:String(s++);a=o.call(n,c,a)}i.items.push(HE.createNode(a,void 0,r))}}return i}};function ai(t){let e=ci.isScalar(t)?t.
value:t;return e&&typeof e=="string"&&(e=Number(e)),typeof e=="number"&&Number.isInteger(e)&&e>=0?e:null}Vd.YAMLSeq=Oa});var rn=O(Xd=>{"use strict";l();var VE=U(),zd=ht(),zE={collection:"seq",default:!0,nodeClass:zd.YAMLSeq,tag:"tag:yaml.org\
,2002:seq",resolve(t,e){return VE.isSeq(t)||e("Expected a sequence for this tag"),t},createNode:(t,e,n)=>zd.YAMLSeq.from(
t,e,n)};Xd.seq=zE});var ir=O(Qd=>{"use strict";l();var XE=tr(),QE={identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify(t,e,n,r){return e=Object.assign({actualString:!0},e),XE.stringifyString(t,e,n,r)}};Qd.string=QE});var li=O(tp=>{"use strict";l();var Zd=ee(),ep={identify:t=>t==null,createNode:()=>new Zd.Scalar(null),default:!0,tag:"ta\
g:yaml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new Zd.Scalar(null),stringify:({source:t},e)=>typeof t=="\
string"&&ep.test.test(t)?t:e.options.nullStr};tp.nullTag=ep});var xa=O(rp=>{"use strict";l();var ZE=ee(),np={identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:t=>new ZE.Scalar(t[0]==="t"||t[0]==="T"),stringify({source:t,value:e},n){if(t&&np.test.test(t)){let r=t[0]==="t"||
t[0]==="T";if(e===r)return t}return e?n.options.trueStr:n.options.falseStr}};rp.boolTag=np});var on=O(op=>{"use strict";l();function eA({format:t,minFractionDigits:e,tag:n,value:r}){if(typeof r=="bigint")return String(
r);let o=typeof r=="number"?r:Number(r);if(!isFinite(o))return isNaN(o)?".nan":o<0?"-.inf":".inf";let i=Object.is(r,-0)?
"-0":JSON.stringify(r);if(!t&&e&&(!n||n==="tag:yaml.org,2002:float")&&/^-?\d/.test(i)&&!i.includes("e")){let s=i.indexOf(
".");s<0&&(s=i.length,i+=".");let a=e-(i.length-s-1);for(;a-- >0;)i+="0"}return i}op.stringifyNumber=eA});var Ra=O(ui=>{"use strict";l();var tA=ee(),va=on(),nA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:va.stringifyNumber},rA={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():va.stringifyNumber(t)}},oA={identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(t){let e=new tA.Scalar(
parseFloat(t)),n=t.indexOf(".");return n!==-1&&t[t.length-1]==="0"&&(e.minFractionDigits=t.length-n-1),e},stringify:va.stringifyNumber};
ui.float=oA;ui.floatExp=rA;ui.floatNaN=nA});var Ia=O(di=>{"use strict";l();var ip=on(),fi=t=>typeof t=="bigint"||Number.isInteger(t),Ca=(t,e,n,{intAsBigInt:r})=>r?BigInt(
t):parseInt(t.substring(e),n);function sp(t,e,n){let{value:r}=t;return fi(r)&&r>=0?n+r.toString(e):ip.stringifyNumber(t)}
var iA={identify:t=>fi(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(t,e,n)=>Ca(
t,2,8,n),stringify:t=>sp(t,8,"0o")},sA={identify:fi,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9]+$/,resolve:(t,e,n)=>Ca(
t,0,10,n),stringify:ip.stringifyNumber},aA={identify:t=>fi(t)&&t>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",
test:/^0x[0-9a-fA-F]+$/,resolve:(t,e,n)=>Ca(t,2,16,n),stringify:t=>sp(t,16,"0x")};di.int=sA;di.intHex=aA;di.intOct=iA});var cp=O(ap=>{"use strict";l();var cA=nn(),lA=li(),uA=rn(),fA=ir(),dA=xa(),Na=Ra(),Pa=Ia(),pA=[cA.map,uA.seq,fA.string,lA.
nullTag,dA.boolTag,Pa.intOct,Pa.int,Pa.intHex,Na.floatNaN,Na.floatExp,Na.float];ap.schema=pA});var fp=O(up=>{"use strict";l();var hA=ee(),mA=nn(),yA=rn();function lp(t){return typeof t=="bigint"||Number.isInteger(t)}
var pi=({value:t})=>JSON.stringify(t),gA=[{identify:t=>typeof t=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:t=>t,
stringify:pi},{identify:t=>t==null,createNode:()=>new hA.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,
resolve:()=>null,stringify:pi},{identify:t=>typeof t=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,
resolve:t=>t==="true",stringify:pi},{identify:lp,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(t,e,{
intAsBigInt:n})=>n?BigInt(t):parseInt(t,10),stringify:({value:t})=>lp(t)?t.toString():JSON.stringify(t)},{identify:t=>typeof t==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:t=>parseFloat(
t),stringify:pi}],wA={default:!0,tag:"",test:/^/,resolve(t,e){return e(`Unresolved plain scalar ${JSON.stringify(t)}`),t}},
bA=[mA.map,yA.seq].concat(gA,wA);up.schema=bA});var La=O(dp=>{"use strict";l();var sr=require("buffer"),$a=ee(),SA=tr(),kA={identify:t=>t instanceof Uint8Array,default:!1,
tag:"tag:yaml.org,2002:binary",resolve(t,e){if(typeof sr.Buffer=="function")return sr.Buffer.from(t,"base64");if(typeof atob==
"function"){let n=atob(t.replace(/[\n\r]/g,"")),r=new Uint8Array(n.length);for(let o=0;o<n.length;++o)r[o]=n.charCodeAt(
o);return r}else return e("This environment does not support reading binary tags; either Buffer or atob is required"),t},
stringify({comment:t,type:e,value:n},r,o,i){if(!n)return"";let s=n,a;if(typeof sr.Buffer=="function")a=s instanceof sr.Buffer?
s.toString("base64"):sr.Buffer.from(s.buffer).toString("base64");else if(typeof btoa=="function"){let c="";for(let u=0;u<
s.length;++u)c+=String.fromCharCode(s[u]);a=btoa(c)}else throw new Error("This environment does not support writing bina\
ry tags; either Buffer or btoa is required");if(e??(e=$a.Scalar.BLOCK_LITERAL),e!==$a.Scalar.QUOTE_DOUBLE){let c=Math.max(
r.options.lineWidth-r.indent.length,r.options.minContentWidth),u=Math.ceil(a.length/c),d=new Array(u);for(let f=0,p=0;f<
u;++f,p+=c)d[f]=a.substr(p,c);a=d.join(e===$a.Scalar.BLOCK_LITERAL?`
`:" ")}return SA.stringifyString({comment:t,type:e,value:a},r,o,i)}};dp.binary=kA});var yi=O(mi=>{"use strict";l();var hi=U(),Ma=ft(),EA=ee(),AA=ht();function pp(t,e){if(hi.isSeq(t))for(let n=0;n<t.items.
length;++n){let r=t.items[n];if(!hi.isPair(r)){if(hi.isMap(r)){r.items.length>1&&e("Each pair must have its own sequence\
 indicator");let o=r.items[0]||new Ma.Pair(new EA.Scalar(null));if(r.commentBefore&&(o.key.commentBefore=o.key.commentBefore?
`${r.commentBefore}
${o.key.commentBefore}`:r.commentBefore),r.comment){let i=o.value??o.key;i.comment=i.comment?`${r.comment}
${i.comment}`:r.comment}r=o}t.items[n]=hi.isPair(r)?r:new Ma.Pair(r)}}else e("Expected a sequence for this tag");return t}
function hp(t,e,n){let{replacer:r}=n,o=new AA.YAMLSeq(t);o.tag="tag:yaml.org,2002:pairs";let i=0;if(e&&Symbol.iterator in
Object(e))for(let s of e){typeof r=="function"&&(s=r.call(e,String(i++),s));let a,c;if(Array.isArray(s))if(s.length===2)
a=s[0],c=s[1];else throw new TypeError(`Expected [key, value] tuple: ${s}`);else if(s&&s instanceof Object){let u=Object.
keys(s);if(u.length===1)a=u[0],c=s[a];else throw new TypeError(`Expected tuple with one key, not ${u.length} keys`)}else
a=s;o.items.push(Ma.createPair(a,c,n))}return o}var TA={collection:"seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:pp,
createNode:hp};mi.createPairs=hp;mi.pairs=TA;mi.resolvePairs=pp});var qa=O(Da=>{"use strict";l();var mp=U(),ja=at(),ar=pt(),_A=ht(),yp=yi(),Ct=class t extends _A.YAMLSeq{constructor(){super(),
this.add=ar.YAMLMap.prototype.add.bind(this),this.delete=ar.YAMLMap.prototype.delete.bind(this),this.get=ar.YAMLMap.prototype.
get.bind(this),this.has=ar.YAMLMap.prototype.has.bind(this),this.set=ar.YAMLMap.prototype.set.bind(this),this.tag=t.tag}toJSON(e,n){
if(!n)return super.toJSON(e);let r=new Map;n?.onCreate&&n.onCreate(r);for(let o of this.items){let i,s;if(mp.isPair(o)?(i=
ja.toJS(o.key,"",n),s=ja.toJS(o.value,i,n)):i=ja.toJS(o,"",n),r.has(i))throw new Error("Ordered maps must not include du\
plicate keys");r.set(i,s)}return r}static from(e,n,r){let o=yp.createPairs(e,n,r),i=new this;return i.items=o.items,i}};
Ct.tag="tag:yaml.org,2002:omap";var OA={collection:"seq",identify:t=>t instanceof Map,nodeClass:Ct,default:!1,tag:"tag:y\
aml.org,2002:omap",resolve(t,e){let n=yp.resolvePairs(t,e),r=[];for(let{key:o}of n.items)mp.isScalar(o)&&(r.includes(o.value)?
e(`Ordered maps must not include duplicate keys: ${o.value}`):r.push(o.value));return Object.assign(new Ct,n)},createNode:(t,e,n)=>Ct.
from(t,e,n)};Da.YAMLOMap=Ct;Da.omap=OA});var kp=O(Ua=>{"use strict";l();var gp=ee();function wp({value:t,source:e},n){return e&&(t?bp:Sp).test.test(e)?e:t?n.options.
trueStr:n.options.falseStr}var bp={identify:t=>t===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new gp.Scalar(!0),stringify:wp},Sp={identify:t=>t===!1,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
resolve:()=>new gp.Scalar(!1),stringify:wp};Ua.falseTag=Sp;Ua.trueTag=bp});var Ep=O(gi=>{"use strict";l();var xA=ee(),Fa=on(),vA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:t=>t.slice(-3).toLowerCase()==="nan"?NaN:t[0]==="-"?
Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Fa.stringifyNumber},RA={identify:t=>typeof t=="number",default:!0,
tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:t=>parseFloat(
t.replace(/_/g,"")),stringify(t){let e=Number(t.value);return isFinite(e)?e.toExponential():Fa.stringifyNumber(t)}},CA={
identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(t){
let e=new xA.Scalar(parseFloat(t.replace(/_/g,""))),n=t.indexOf(".");if(n!==-1){let r=t.substring(n+1).replace(/_/g,"");
r[r.length-1]==="0"&&(e.minFractionDigits=r.length)}return e},stringify:Fa.stringifyNumber};gi.float=CA;gi.floatExp=RA;gi.
floatNaN=vA});var Tp=O(lr=>{"use strict";l();var Ap=on(),cr=t=>typeof t=="bigint"||Number.isInteger(t);function wi(t,e,n,{intAsBigInt:r}){
let o=t[0];if((o==="-"||o==="+")&&(e+=1),t=t.substring(e).replace(/_/g,""),r){switch(n){case 2:t=`0b${t}`;break;case 8:t=
`0o${t}`;break;case 16:t=`0x${t}`;break}let s=BigInt(t);return o==="-"?BigInt(-1)*s:s}let i=parseInt(t,n);return o==="-"?
-1*i:i}function Ba(t,e,n){let{value:r}=t;if(cr(r)){let o=r.toString(e);return r<0?"-"+n+o.substr(1):n+o}return Ap.stringifyNumber(
t)}var IA={identify:cr,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(t,e,n)=>wi(t,
2,2,n),stringify:t=>Ba(t,2,"0b")},NA={identify:cr,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^[-+]?0[0-7_]+$/,
resolve:(t,e,n)=>wi(t,1,8,n),stringify:t=>Ba(t,8,"0")},PA={identify:cr,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,
resolve:(t,e,n)=>wi(t,0,10,n),stringify:Ap.stringifyNumber},$A={identify:cr,default:!0,tag:"tag:yaml.org,2002:int",format:"\
HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(t,e,n)=>wi(t,2,16,n),stringify:t=>Ba(t,16,"0x")};lr.int=PA;lr.intBin=IA;lr.intHex=
$A;lr.intOct=NA});var Ha=O(Ka=>{"use strict";l();var ki=U(),bi=ft(),Si=pt(),It=class t extends Si.YAMLMap{constructor(e){super(e),this.tag=
t.tag}add(e){let n;ki.isPair(e)?n=e:e&&typeof e=="object"&&"key"in e&&"value"in e&&e.value===null?n=new bi.Pair(e.key,null):
n=new bi.Pair(e,null),Si.findPair(this.items,n.key)||this.items.push(n)}get(e,n){let r=Si.findPair(this.items,e);return!n&&
ki.isPair(r)?ki.isScalar(r.key)?r.key.value:r.key:r}set(e,n){if(typeof n!="boolean")throw new Error(`Expected boolean va\
lue for set(key, value) in a YAML set, not ${typeof n}`);let r=Si.findPair(this.items,e);r&&!n?this.items.splice(this.items.
indexOf(r),1):!r&&n&&this.items.push(new bi.Pair(e))}toJSON(e,n){return super.toJSON(e,n,Set)}toString(e,n,r){if(!e)return JSON.
stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},e,{allNullValues:!0}),n,r);throw new Error(
"Set items must all have null values")}static from(e,n,r){let{replacer:o}=r,i=new this(e);if(n&&Symbol.iterator in Object(
n))for(let s of n)typeof o=="function"&&(s=o.call(n,s,s)),i.items.push(bi.createPair(s,null,r));return i}};It.tag="tag:y\
aml.org,2002:set";var LA={collection:"map",identify:t=>t instanceof Set,nodeClass:It,default:!1,tag:"tag:yaml.org,2002:s\
et",createNode:(t,e,n)=>It.from(t,e,n),resolve(t,e){if(ki.isMap(t)){if(t.hasAllNullValues(!0))return Object.assign(new It,
t);e("Set items must all have null values")}else e("Expected a mapping for this tag");return t}};Ka.YAMLSet=It;Ka.set=LA});var Wa=O(Ei=>{"use strict";l();var MA=on();function Ya(t,e){let n=t[0],r=n==="-"||n==="+"?t.substring(1):t,o=s=>e?BigInt(
s):Number(s),i=r.replace(/_/g,"").split(":").reduce((s,a)=>s*o(60)+o(a),o(0));return n==="-"?o(-1)*i:i}function _p(t){let{
value:e}=t,n=s=>s;if(typeof e=="bigint")n=s=>BigInt(s);else if(isNaN(e)||!isFinite(e))return MA.stringifyNumber(t);let r="";
e<0&&(r="-",e*=n(-1));let o=n(60),i=[e%o];return e<60?i.unshift(0):(e=(e-i[0])/o,i.unshift(e%o),e>=60&&(e=(e-i[0])/o,i.unshift(
e))),r+i.map(s=>String(s).padStart(2,"0")).join(":").replace(/000000\d*$/,"")}var jA={identify:t=>typeof t=="bigint"||Number.
isInteger(t),default:!0,tag:"tag:yaml.org,2002:int",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(t,e,{
intAsBigInt:n})=>Ya(t,n),stringify:_p},DA={identify:t=>typeof t=="number",default:!0,tag:"tag:yaml.org,2002:float",format:"\
TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:t=>Ya(t,!1),stringify:_p},Op={identify:t=>t instanceof
Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0\
-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),resolve(t){let e=t.match(
Op.test);if(!e)throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");let[,n,r,o,i,s,a]=e.map(Number),c=e[7]?
Number((e[7]+"00").substr(1,3)):0,u=Date.UTC(n,r-1,o,i||0,s||0,a||0,c),d=e[8];if(d&&d!=="Z"){let f=Ya(d,!1);Math.abs(f)<
30&&(f*=60),u-=6e4*f}return new Date(u)},stringify:({value:t})=>t?.toISOString().replace(/(T00:00:00)?\.000Z$/,"")??""};
Ei.floatTime=DA;Ei.intTime=jA;Ei.timestamp=Op});var Rp=O(vp=>{"use strict";l();var qA=nn(),UA=li(),FA=rn(),BA=ir(),KA=La(),xp=kp(),Ga=Ep(),Ai=Tp(),HA=ti(),YA=qa(),WA=yi(),
GA=Ha(),Ja=Wa(),JA=[qA.map,FA.seq,BA.string,UA.nullTag,xp.trueTag,xp.falseTag,Ai.intBin,Ai.intOct,Ai.int,Ai.intHex,Ga.floatNaN,
Ga.floatExp,Ga.float,KA.binary,HA.merge,YA.omap,WA.pairs,GA.set,Ja.intTime,Ja.floatTime,Ja.timestamp];vp.schema=JA});var qp=O(Xa=>{"use strict";l();var Pp=nn(),VA=li(),$p=rn(),zA=ir(),XA=xa(),Va=Ra(),za=Ia(),QA=cp(),ZA=fp(),Lp=La(),ur=ti(),
Mp=qa(),jp=yi(),Cp=Rp(),Dp=Ha(),Ti=Wa(),Ip=new Map([["core",QA.schema],["failsafe",[Pp.map,$p.seq,zA.string]],["json",ZA.
schema],["yaml11",Cp.schema],["yaml-1.1",Cp.schema]]),Np={binary:Lp.binary,bool:XA.boolTag,float:Va.float,floatExp:Va.floatExp,
floatNaN:Va.floatNaN,floatTime:Ti.floatTime,int:za.int,intHex:za.intHex,intOct:za.intOct,intTime:Ti.intTime,map:Pp.map,merge:ur.
merge,null:VA.nullTag,omap:Mp.omap,pairs:jp.pairs,seq:$p.seq,set:Dp.set,timestamp:Ti.timestamp},eT={"tag:yaml.org,2002:b\
inary":Lp.binary,"tag:yaml.org,2002:merge":ur.merge,"tag:yaml.org,2002:omap":Mp.omap,"tag:yaml.org,2002:pairs":jp.pairs,
"tag:yaml.org,2002:set":Dp.set,"tag:yaml.org,2002:timestamp":Ti.timestamp};function tT(t,e,n){let r=Ip.get(e);if(r&&!t)return n&&
!r.includes(ur.merge)?r.concat(ur.merge):r.slice();let o=r;if(!o)if(Array.isArray(t))o=[];else{let i=Array.from(Ip.keys()).
filter(s=>s!=="yaml11").map(s=>JSON.stringify(s)).join(", ");throw new Error(`Unknown schema "${e}"; use one of ${i} or \
define customTags array`)}if(Array.isArray(t))for(let i of t)o=o.concat(i);else typeof t=="function"&&(o=t(o.slice()));return n&&
(o=o.concat(ur.merge)),o.reduce((i,s)=>{let a=typeof s=="string"?Np[s]:s;if(!a){let c=JSON.stringify(s),u=Object.keys(Np).
map(d=>JSON.stringify(d)).join(", ");throw new Error(`Unknown custom tag ${c}; use one of ${u}`)}return i.includes(a)||i.
push(a),i},[])}Xa.coreKnownTags=eT;Xa.getTags=tT});var ec=O(Up=>{"use strict";l();var Qa=U(),nT=nn(),rT=rn(),oT=ir(),_i=qp(),iT=(t,e)=>t.key<e.key?-1:t.key>e.key?1:0,Za=class t{constructor({
compat:e,customTags:n,merge:r,resolveKnownTags:o,schema:i,sortMapEntries:s,toStringDefaults:a}){this.compat=Array.isArray(
e)?_i.getTags(e,"compat"):e?_i.getTags(null,e):null,this.name=typeof i=="string"&&i||"core",this.knownTags=o?_i.coreKnownTags:
{},this.tags=_i.getTags(n,this.name,r),this.toStringOptions=a??null,Object.defineProperty(this,Qa.MAP,{value:nT.map}),Object.
defineProperty(this,Qa.SCALAR,{value:oT.string}),Object.defineProperty(this,Qa.SEQ,{value:rT.seq}),this.sortMapEntries=typeof s==
"function"?s:s===!0?iT:null}clone(){let e=Object.create(t.prototype,Object.getOwnPropertyDescriptors(this));return e.tags=
this.tags.slice(),e}};Up.Schema=Za});var Bp=O(Fp=>{"use strict";l();var sT=U(),tc=nr(),fr=Qn();function aT(t,e){let n=[],r=e.directives===!0;if(e.directives!==
!1&&t.directives){let c=t.directives.toString(t);c?(n.push(c),r=!0):t.directives.docStart&&(r=!0)}r&&n.push("---");let o=tc.
createStringifyContext(t,e),{commentString:i}=o.options;if(t.commentBefore){n.length!==1&&n.unshift("");let c=i(t.commentBefore);
n.unshift(fr.indentComment(c,""))}let s=!1,a=null;if(t.contents){if(sT.isNode(t.contents)){if(t.contents.spaceBefore&&r&&
n.push(""),t.contents.commentBefore){let d=i(t.contents.commentBefore);n.push(fr.indentComment(d,""))}o.forceBlockIndent=
!!t.comment,a=t.contents.comment}let c=a?void 0:()=>s=!0,u=tc.stringify(t.contents,o,()=>a=null,c);a&&(u+=fr.lineComment(
u,"",i(a))),(u[0]==="|"||u[0]===">")&&n[n.length-1]==="---"?n[n.length-1]=`--- ${u}`:n.push(u)}else n.push(tc.stringify(
t.contents,o));if(t.directives?.docEnd)if(t.comment){let c=i(t.comment);c.includes(`
`)?(n.push("..."),n.push(fr.indentComment(c,""))):n.push(`... ${c}`)}else n.push("...");else{let c=t.comment;c&&s&&(c=c.
replace(/^\n+/,"")),c&&((!s||a)&&n[n.length-1]!==""&&n.push(""),n.push(fr.indentComment(i(c),"")))}return n.join(`
`)+`
`}Fp.stringifyDocument=aT});var dr=O(Kp=>{"use strict";l();var cT=zn(),sn=Yo(),Ee=U(),lT=ft(),uT=at(),fT=ec(),dT=Bp(),nc=Fo(),pT=sa(),hT=Xn(),rc=ia(),
oc=class t{constructor(e,n,r){this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(
this,Ee.NODE_TYPE,{value:Ee.DOC});let o=null;typeof n=="function"||Array.isArray(n)?o=n:r===void 0&&n&&(r=n,n=void 0);let i=Object.
assign({intAsBigInt:!1,keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:"\
1.2"},r);this.options=i;let{version:s}=i;r?._directives?(this.directives=r._directives.atDocument(),this.directives.yaml.
explicit&&(s=this.directives.yaml.version)):this.directives=new rc.Directives({version:s}),this.setSchema(s,r),this.contents=
e===void 0?null:this.createNode(e,o,r)}clone(){let e=Object.create(t.prototype,{[Ee.NODE_TYPE]:{value:Ee.DOC}});return e.
commentBefore=this.commentBefore,e.comment=this.comment,e.errors=this.errors.slice(),e.warnings=this.warnings.slice(),e.
options=Object.assign({},this.options),this.directives&&(e.directives=this.directives.clone()),e.schema=this.schema.clone(),
e.contents=Ee.isNode(this.contents)?this.contents.clone(e.schema):this.contents,this.range&&(e.range=this.range.slice()),
e}add(e){an(this.contents)&&this.contents.add(e)}addIn(e,n){an(this.contents)&&this.contents.addIn(e,n)}createAlias(e,n){
if(!e.anchor){let r=nc.anchorNames(this);e.anchor=!n||r.has(n)?nc.findNewAnchor(n||"a",r):n}return new cT.Alias(e.anchor)}createNode(e,n,r){
let o;if(typeof n=="function")e=n.call({"":e},"",e),o=n;else if(Array.isArray(n)){let w=A=>typeof A=="number"||A instanceof
String||A instanceof Number,k=n.filter(w).map(String);k.length>0&&(n=n.concat(k)),o=n}else r===void 0&&n&&(r=n,n=void 0);
let{aliasDuplicateObjects:i,anchorPrefix:s,flow:a,keepUndefined:c,onTagObj:u,tag:d}=r??{},{onAnchor:f,setAnchors:p,sourceObjects:g}=nc.
createNodeAnchors(this,s||"a"),S={aliasDuplicateObjects:i??!0,keepUndefined:c??!1,onAnchor:f,onTagObj:u,replacer:o,schema:this.
schema,sourceObjects:g},y=hT.createNode(e,d,S);return a&&Ee.isCollection(y)&&(y.flow=!0),p(),y}createPair(e,n,r={}){let o=this.
createNode(e,null,r),i=this.createNode(n,null,r);return new lT.Pair(o,i)}delete(e){return an(this.contents)?this.contents.
delete(e):!1}deleteIn(e){return sn.isEmptyPath(e)?this.contents==null?!1:(this.contents=null,!0):an(this.contents)?this.
contents.deleteIn(e):!1}get(e,n){return Ee.isCollection(this.contents)?this.contents.get(e,n):void 0}getIn(e,n){return sn.
isEmptyPath(e)?!n&&Ee.isScalar(this.contents)?this.contents.value:this.contents:Ee.isCollection(this.contents)?this.contents.
getIn(e,n):void 0}has(e){return Ee.isCollection(this.contents)?this.contents.has(e):!1}hasIn(e){return sn.isEmptyPath(e)?
this.contents!==void 0:Ee.isCollection(this.contents)?this.contents.hasIn(e):!1}set(e,n){this.contents==null?this.contents=
sn.collectionFromPath(this.schema,[e],n):an(this.contents)&&this.contents.set(e,n)}setIn(e,n){sn.isEmptyPath(e)?this.contents=
n:this.contents==null?this.contents=sn.collectionFromPath(this.schema,Array.from(e),n):an(this.contents)&&this.contents.
setIn(e,n)}setSchema(e,n={}){typeof e=="number"&&(e=String(e));let r;switch(e){case"1.1":this.directives?this.directives.
yaml.version="1.1":this.directives=new rc.Directives({version:"1.1"}),r={resolveKnownTags:!1,schema:"yaml-1.1"};break;case"\
1.2":case"next":this.directives?this.directives.yaml.version=e:this.directives=new rc.Directives({version:e}),r={resolveKnownTags:!0,
schema:"core"};break;case null:this.directives&&delete this.directives,r=null;break;default:{let o=JSON.stringify(e);throw new Error(
`Expected '1.1', '1.2' or null as first argument, but found: ${o}`)}}if(n.schema instanceof Object)this.schema=n.schema;else if(r)
this.schema=new fT.Schema(Object.assign(r,n));else throw new Error("With a null YAML version, the { schema: Schema } opt\
ion is required")}toJS({json:e,jsonArg:n,mapAsMap:r,maxAliasCount:o,onAnchor:i,reviver:s}={}){let a={anchors:new Map,doc:this,
keep:!e,mapAsMap:r===!0,mapKeyWarned:!1,maxAliasCount:typeof o=="number"?o:100},c=uT.toJS(this.contents,n??"",a);if(typeof i==
"function")for(let{count:u,res:d}of a.anchors.values())i(d,u);return typeof s=="function"?pT.applyReviver(s,{"":c},"",c):
c}toJSON(e,n){return this.toJS({json:!0,jsonArg:e,mapAsMap:!1,onAnchor:n})}toString(e={}){if(this.errors.length>0)throw new Error(
"Document with errors cannot be stringified");if("indent"in e&&(!Number.isInteger(e.indent)||Number(e.indent)<=0)){let n=JSON.
stringify(e.indent);throw new Error(`"indent" option must be a positive integer, not ${n}`)}return dT.stringifyDocument(
this,e)}};function an(t){if(Ee.isCollection(t))return!0;throw new Error("Expected a YAML collection as document contents")}
Kp.Document=oc});var mr=O(hr=>{"use strict";l();var pr=class extends Error{constructor(e,n,r,o){super(),this.name=e,this.code=r,this.message=
o,this.pos=n}},ic=class extends pr{constructor(e,n,r){super("YAMLParseError",e,n,r)}},sc=class extends pr{constructor(e,n,r){
super("YAMLWarning",e,n,r)}},mT=(t,e)=>n=>{if(n.pos[0]===-1)return;n.linePos=n.pos.map(a=>e.linePos(a));let{line:r,col:o}=n.
linePos[0];n.message+=` at line ${r}, column ${o}`;let i=o-1,s=t.substring(e.lineStarts[r-1],e.lineStarts[r]).replace(/[\n\r]+$/,
"");if(i>=60&&s.length>80){let a=Math.min(i-39,s.length-79);s="\u2026"+s.substring(a),i-=a-1}if(s.length>80&&(s=s.substring(
0,79)+"\u2026"),r>1&&/^ *$/.test(s.substring(0,i))){let a=t.substring(e.lineStarts[r-2],e.lineStarts[r-1]);a.length>80&&
(a=a.substring(0,79)+`\u2026
`),s=a+s}if(/[^ ]/.test(s)){let a=1,c=n.linePos[1];c?.line===r&&c.col>o&&(a=Math.max(1,Math.min(c.col-o,80-i)));let u=" ".
repeat(i)+"^".repeat(a);n.message+=`:

${s}
${u}
`}};hr.YAMLError=pr;hr.YAMLParseError=ic;hr.YAMLWarning=sc;hr.prettifyError=mT});var yr=O(Hp=>{"use strict";l();function yT(t,{flow:e,indicator:n,next:r,offset:o,onError:i,parentIndent:s,startOnNewline:a}){
let c=!1,u=a,d=a,f="",p="",g=!1,S=!1,y=null,w=null,k=null,A=null,_=null,C=null,I=null;for(let R of t)switch(S&&(R.type!==
"space"&&R.type!=="newline"&&R.type!=="comma"&&i(R.offset,"MISSING_CHAR","Tags and anchors must be separated from the ne\
xt token by white space"),S=!1),y&&(u&&R.type!=="comment"&&R.type!=="newline"&&i(y,"TAB_AS_INDENT","Tabs are not allowed\
 as indentation"),y=null),R.type){case"space":!e&&(n!=="doc-start"||r?.type!=="flow-collection")&&R.source.includes("	")&&
(y=R),d=!0;break;case"comment":{d||i(R,"MISSING_CHAR","Comments must be separated from other tokens by white space chara\
cters");let X=R.source.substring(1)||" ";f?f+=p+X:f=X,p="",u=!1;break}case"newline":u?f?f+=R.source:(!C||n!=="seq-item-i\
nd")&&(c=!0):p+=R.source,u=!0,g=!0,(w||k)&&(A=R),d=!0;break;case"anchor":w&&i(R,"MULTIPLE_ANCHORS","A node can have at m\
ost one anchor"),R.source.endsWith(":")&&i(R.offset+R.source.length-1,"BAD_ALIAS","Anchor ending in : is ambiguous",!0),
w=R,I??(I=R.offset),u=!1,d=!1,S=!0;break;case"tag":{k&&i(R,"MULTIPLE_TAGS","A node can have at most one tag"),k=R,I??(I=
R.offset),u=!1,d=!1,S=!0;break}case n:(w||k)&&i(R,"BAD_PROP_ORDER",`Anchors and tags must be after the ${R.source} indic\
ator`),C&&i(R,"UNEXPECTED_TOKEN",`Unexpected ${R.source} in ${e??"collection"}`),C=R,u=n==="seq-item-ind"||n==="explicit\
-key-ind",d=!1;break;case"comma":if(e){_&&i(R,"UNEXPECTED_TOKEN",`Unexpected , in ${e}`),_=R,u=!1,d=!1;break}default:i(R,
"UNEXPECTED_TOKEN",`Unexpected ${R.type} token`),u=!1,d=!1}let L=t[t.length-1],W=L?L.offset+L.source.length:o;return S&&
r&&r.type!=="space"&&r.type!=="newline"&&r.type!=="comma"&&(r.type!=="scalar"||r.source!=="")&&i(r.offset,"MISSING_CHAR",
"Tags and anchors must be separated from the next token by white space"),y&&(u&&y.indent<=s||r?.type==="block-map"||r?.type===
"block-seq")&&i(y,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma:_,found:C,spaceBefore:c,comment:f,hasNewline:g,
anchor:w,tag:k,newlineAfterProp:A,end:W,start:I??W}}Hp.resolveProps=yT});var Oi=O(Yp=>{"use strict";l();function ac(t){if(!t)return null;switch(t.type){case"alias":case"scalar":case"double-quot\
ed-scalar":case"single-quoted-scalar":if(t.source.includes(`
`))return!0;if(t.end){for(let e of t.end)if(e.type==="newline")return!0}return!1;case"flow-collection":for(let e of t.items){
for(let n of e.start)if(n.type==="newline")return!0;if(e.sep){for(let n of e.sep)if(n.type==="newline")return!0}if(ac(e.
key)||ac(e.value))return!0}return!1;default:return!0}}Yp.containsNewline=ac});var cc=O(Wp=>{"use strict";l();var gT=Oi();function wT(t,e,n){if(e?.type==="flow-collection"){let r=e.end[0];r.indent===
t&&(r.source==="]"||r.source==="}")&&gT.containsNewline(e)&&n(r,"BAD_INDENT","Flow end indicator should be more indented\
 than parent",!0)}}Wp.flowIndentCheck=wT});var lc=O(Jp=>{"use strict";l();var Gp=U();function bT(t,e,n){let{uniqueKeys:r}=t.options;if(r===!1)return!1;let o=typeof r==
"function"?r:(i,s)=>i===s||Gp.isScalar(i)&&Gp.isScalar(s)&&i.value===s.value;return e.some(i=>o(i.key,n))}Jp.mapIncludes=
bT});var eh=O(Zp=>{"use strict";l();var Vp=ft(),ST=pt(),zp=yr(),kT=Oi(),Xp=cc(),ET=lc(),Qp="All mapping items must start at t\
he same column";function AT({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.nodeClass??ST.YAMLMap,a=new s(n.schema);
n.atRoot&&(n.atRoot=!1);let c=r.offset,u=null;for(let d of r.items){let{start:f,key:p,sep:g,value:S}=d,y=zp.resolveProps(
f,{indicator:"explicit-key-ind",next:p??g?.[0],offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0}),w=!y.found;if(w){
if(p&&(p.type==="block-seq"?o(c,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not be used as an implicit map key"):"inde\
nt"in p&&p.indent!==r.indent&&o(c,"BAD_INDENT",Qp)),!y.anchor&&!y.tag&&!g){u=y.end,y.comment&&(a.comment?a.comment+=`
`+y.comment:a.comment=y.comment);continue}(y.newlineAfterProp||kT.containsNewline(p))&&o(p??f[f.length-1],"MULTILINE_IMP\
LICIT_KEY","Implicit keys need to be on a single line")}else y.found?.indent!==r.indent&&o(c,"BAD_INDENT",Qp);n.atKey=!0;
let k=y.end,A=p?t(n,p,y,o):e(n,k,f,null,y,o);n.schema.compat&&Xp.flowIndentCheck(r.indent,p,o),n.atKey=!1,ET.mapIncludes(
n,a.items,A)&&o(k,"DUPLICATE_KEY","Map keys must be unique");let _=zp.resolveProps(g??[],{indicator:"map-value-ind",next:S,
offset:A.range[2],onError:o,parentIndent:r.indent,startOnNewline:!p||p.type==="block-scalar"});if(c=_.end,_.found){w&&(S?.
type==="block-map"&&!_.hasNewline&&o(c,"BLOCK_AS_IMPLICIT_KEY","Nested mappings are not allowed in compact mappings"),n.
options.strict&&y.start<_.found.offset-1024&&o(A.range,"KEY_OVER_1024_CHARS","The : indicator must be at most 1024 chars\
 after the start of an implicit block mapping key"));let C=S?t(n,S,_,o):e(n,c,g,null,_,o);n.schema.compat&&Xp.flowIndentCheck(
r.indent,S,o),c=C.range[2];let I=new Vp.Pair(A,C);n.options.keepSourceTokens&&(I.srcToken=d),a.items.push(I)}else{w&&o(A.
range,"MISSING_CHAR","Implicit map keys need to be followed by map values"),_.comment&&(A.comment?A.comment+=`
`+_.comment:A.comment=_.comment);let C=new Vp.Pair(A);n.options.keepSourceTokens&&(C.srcToken=d),a.items.push(C)}}return u&&
u<c&&o(u,"IMPOSSIBLE","Map comment with trailing content"),a.range=[r.offset,c,u??c],a}Zp.resolveBlockMap=AT});var nh=O(th=>{"use strict";l();var TT=ht(),_T=yr(),OT=cc();function xT({composeNode:t,composeEmptyNode:e},n,r,o,i){let s=i?.
nodeClass??TT.YAMLSeq,a=new s(n.schema);n.atRoot&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let c=r.offset,u=null;for(let{start:d,
value:f}of r.items){let p=_T.resolveProps(d,{indicator:"seq-item-ind",next:f,offset:c,onError:o,parentIndent:r.indent,startOnNewline:!0});
if(!p.found)if(p.anchor||p.tag||f)f?.type==="block-seq"?o(p.end,"BAD_INDENT","All sequence items must start at the same \
column"):o(c,"MISSING_CHAR","Sequence item without - indicator");else{u=p.end,p.comment&&(a.comment=p.comment);continue}
let g=f?t(n,f,p,o):e(n,p.end,d,null,p,o);n.schema.compat&&OT.flowIndentCheck(r.indent,f,o),c=g.range[2],a.items.push(g)}
return a.range=[r.offset,c,u??c],a}th.resolveBlockSeq=xT});var cn=O(rh=>{"use strict";l();function vT(t,e,n,r){let o="";if(t){let i=!1,s="";for(let a of t){let{source:c,type:u}=a;
switch(u){case"space":i=!0;break;case"comment":{n&&!i&&r(a,"MISSING_CHAR","Comments must be separated from other tokens \
by white space characters");let d=c.substring(1)||" ";o?o+=s+d:o=d,s="";break}case"newline":o&&(s+=c),i=!0;break;default:
r(a,"UNEXPECTED_TOKEN",`Unexpected ${u} at node end`)}e+=c.length}}return{comment:o,offset:e}}rh.resolveEnd=vT});var ah=O(sh=>{"use strict";l();var RT=U(),CT=ft(),oh=pt(),IT=ht(),NT=cn(),ih=yr(),PT=Oi(),$T=lc(),uc="Block collections \
are not allowed within flow collections",fc=t=>t&&(t.type==="block-map"||t.type==="block-seq");function LT({composeNode:t,
composeEmptyNode:e},n,r,o,i){let s=r.start.source==="{",a=s?"flow map":"flow sequence",c=i?.nodeClass??(s?oh.YAMLMap:IT.
YAMLSeq),u=new c(n.schema);u.flow=!0;let d=n.atRoot;d&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let f=r.offset+r.start.source.
length;for(let w=0;w<r.items.length;++w){let k=r.items[w],{start:A,key:_,sep:C,value:I}=k,L=ih.resolveProps(A,{flow:a,indicator:"\
explicit-key-ind",next:_??C?.[0],offset:f,onError:o,parentIndent:r.indent,startOnNewline:!1});if(!L.found){if(!L.anchor&&
!L.tag&&!C&&!I){w===0&&L.comma?o(L.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${a}`):w<r.items.length-1&&o(L.start,"UNEXP\
ECTED_TOKEN",`Unexpected empty item in ${a}`),L.comment&&(u.comment?u.comment+=`
`+L.comment:u.comment=L.comment),f=L.end;continue}!s&&n.options.strict&&PT.containsNewline(_)&&o(_,"MULTILINE_IMPLICIT_K\
EY","Implicit keys of flow sequence pairs need to be on a single line")}if(w===0)L.comma&&o(L.comma,"UNEXPECTED_TOKEN",`\
Unexpected , in ${a}`);else if(L.comma||o(L.start,"MISSING_CHAR",`Missing , between ${a} items`),L.comment){let W="";e:for(let R of A)
switch(R.type){case"comma":case"space":break;case"comment":W=R.source.substring(1);break e;default:break e}if(W){let R=u.
items[u.items.length-1];RT.isPair(R)&&(R=R.value??R.key),R.comment?R.comment+=`
`+W:R.comment=W,L.comment=L.comment.substring(W.length+1)}}if(!s&&!C&&!L.found){let W=I?t(n,I,L,o):e(n,L.end,C,null,L,o);
u.items.push(W),f=W.range[2],fc(I)&&o(W.range,"BLOCK_IN_FLOW",uc)}else{n.atKey=!0;let W=L.end,R=_?t(n,_,L,o):e(n,W,A,null,
L,o);fc(_)&&o(R.range,"BLOCK_IN_FLOW",uc),n.atKey=!1;let X=ih.resolveProps(C??[],{flow:a,indicator:"map-value-ind",next:I,
offset:R.range[2],onError:o,parentIndent:r.indent,startOnNewline:!1});if(X.found){if(!s&&!L.found&&n.options.strict){if(C)
for(let te of C){if(te===X.found)break;if(te.type==="newline"){o(te,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequ\
ence pairs need to be on a single line");break}}L.start<X.found.offset-1024&&o(X.found,"KEY_OVER_1024_CHARS","The : indi\
cator must be at most 1024 chars after the start of an implicit flow sequence key")}}else I&&("source"in I&&I.source?.[0]===
":"?o(I,"MISSING_CHAR",`Missing space after : in ${a}`):o(X.start,"MISSING_CHAR",`Missing , or : between ${a} items`));let ze=I?
t(n,I,X,o):X.found?e(n,X.end,C,null,X,o):null;ze?fc(I)&&o(ze.range,"BLOCK_IN_FLOW",uc):X.comment&&(R.comment?R.comment+=
`
`+X.comment:R.comment=X.comment);let Kt=new CT.Pair(R,ze);if(n.options.keepSourceTokens&&(Kt.srcToken=k),s){let te=u;$T.
mapIncludes(n,te.items,R)&&o(W,"DUPLICATE_KEY","Map keys must be unique"),te.items.push(Kt)}else{let te=new oh.YAMLMap(n.
schema);te.flow=!0,te.items.push(Kt);let xu=(ze??R).range;te.range=[R.range[0],xu[1],xu[2]],u.items.push(te)}f=ze?ze.range[2]:
X.end}}let p=s?"}":"]",[g,...S]=r.end,y=f;if(g?.source===p)y=g.offset+g.source.length;else{let w=a[0].toUpperCase()+a.substring(
1),k=d?`${w} must end with a ${p}`:`${w} in block collection must be sufficiently indented and end with a ${p}`;o(f,d?"M\
ISSING_CHAR":"BAD_INDENT",k),g&&g.source.length!==1&&S.unshift(g)}if(S.length>0){let w=NT.resolveEnd(S,y,n.options.strict,
o);w.comment&&(u.comment?u.comment+=`
`+w.comment:u.comment=w.comment),u.range=[r.offset,y,w.offset]}else u.range=[r.offset,y,y];return u}sh.resolveFlowCollection=
LT});var lh=O(ch=>{"use strict";l();var MT=U(),jT=ee(),DT=pt(),qT=ht(),UT=eh(),FT=nh(),BT=ah();function dc(t,e,n,r,o,i){let s=n.
type==="block-map"?UT.resolveBlockMap(t,e,n,r,i):n.type==="block-seq"?FT.resolveBlockSeq(t,e,n,r,i):BT.resolveFlowCollection(
t,e,n,r,i),a=s.constructor;return o==="!"||o===a.tagName?(s.tag=a.tagName,s):(o&&(s.tag=o),s)}function KT(t,e,n,r,o){let i=r.
tag,s=i?e.directives.tagName(i.source,p=>o(i,"TAG_RESOLVE_FAILED",p)):null;if(n.type==="block-seq"){let{anchor:p,newlineAfterProp:g}=r,
S=p&&i?p.offset>i.offset?p:i:p??i;S&&(!g||g.offset<S.offset)&&o(S,"MISSING_CHAR","Missing newline after block sequence p\
rops")}let a=n.type==="block-map"?"map":n.type==="block-seq"?"seq":n.start.source==="{"?"map":"seq";if(!i||!s||s==="!"||
s===DT.YAMLMap.tagName&&a==="map"||s===qT.YAMLSeq.tagName&&a==="seq")return dc(t,e,n,o,s);let c=e.schema.tags.find(p=>p.
tag===s&&p.collection===a);if(!c){let p=e.schema.knownTags[s];if(p?.collection===a)e.schema.tags.push(Object.assign({},p,
{default:!1})),c=p;else return p?o(i,"BAD_COLLECTION_TYPE",`${p.tag} used for ${a} collection, but expects ${p.collection??
"scalar"}`,!0):o(i,"TAG_RESOLVE_FAILED",`Unresolved tag: ${s}`,!0),dc(t,e,n,o,s)}let u=dc(t,e,n,o,s,c),d=c.resolve?.(u,p=>o(
i,"TAG_RESOLVE_FAILED",p),e.options)??u,f=MT.isNode(d)?d:new jT.Scalar(d);return f.range=u.range,f.tag=s,c?.format&&(f.format=
c.format),f}ch.composeCollection=KT});var hc=O(uh=>{"use strict";l();var pc=ee();function HT(t,e,n){let r=e.offset,o=YT(e,t.options.strict,n);if(!o)return{value:"",
type:null,comment:"",range:[r,r,r]};let i=o.mode===">"?pc.Scalar.BLOCK_FOLDED:pc.Scalar.BLOCK_LITERAL,s=e.source?WT(e.source):
[],a=s.length;for(let y=s.length-1;y>=0;--y){let w=s[y][1];if(w===""||w==="\r")a=y;else break}if(a===0){let y=o.chomp===
"+"&&s.length>0?`
`.repeat(Math.max(1,s.length-1)):"",w=r+o.length;return e.source&&(w+=e.source.length),{value:y,type:i,comment:o.comment,
range:[r,w,w]}}let c=e.indent+o.indent,u=e.offset+o.length,d=0;for(let y=0;y<a;++y){let[w,k]=s[y];if(k===""||k==="\r")o.
indent===0&&w.length>c&&(c=w.length);else{w.length<c&&n(u+w.length,"MISSING_CHAR","Block scalars with more-indented lead\
ing empty lines must use an explicit indentation indicator"),o.indent===0&&(c=w.length),d=y,c===0&&!t.atRoot&&n(u,"BAD_I\
NDENT","Block scalar values in collections must be indented");break}u+=w.length+k.length+1}for(let y=s.length-1;y>=a;--y)
s[y][0].length>c&&(a=y+1);let f="",p="",g=!1;for(let y=0;y<d;++y)f+=s[y][0].slice(c)+`
`;for(let y=d;y<a;++y){let[w,k]=s[y];u+=w.length+k.length+1;let A=k[k.length-1]==="\r";if(A&&(k=k.slice(0,-1)),k&&w.length<
c){let C=`Block scalar lines must not be less indented than their ${o.indent?"explicit indentation indicator":"first lin\
e"}`;n(u-k.length-(A?2:1),"BAD_INDENT",C),w=""}i===pc.Scalar.BLOCK_LITERAL?(f+=p+w.slice(c)+k,p=`
`):w.length>c||k[0]==="	"?(p===" "?p=`
`:!g&&p===`
`&&(p=`

`),f+=p+w.slice(c)+k,p=`
`,g=!0):k===""?p===`
`?f+=`
`:p=`
`:(f+=p+k,p=" ",g=!1)}switch(o.chomp){case"-":break;case"+":for(let y=a;y<s.length;++y)f+=`
`+s[y][0].slice(c);f[f.length-1]!==`
`&&(f+=`
`);break;default:f+=`
`}let S=r+o.length+e.source.length;return{value:f,type:i,comment:o.comment,range:[r,S,S]}}function YT({offset:t,props:e},n,r){
if(e[0].type!=="block-scalar-header")return r(e[0],"IMPOSSIBLE","Block scalar header not found"),null;let{source:o}=e[0],
i=o[0],s=0,a="",c=-1;for(let p=1;p<o.length;++p){let g=o[p];if(!a&&(g==="-"||g==="+"))a=g;else{let S=Number(g);!s&&S?s=S:
c===-1&&(c=t+p)}}c!==-1&&r(c,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${o}`);let u=!1,d="",f=o.
length;for(let p=1;p<e.length;++p){let g=e[p];switch(g.type){case"space":u=!0;case"newline":f+=g.source.length;break;case"\
comment":n&&!u&&r(g,"MISSING_CHAR","Comments must be separated from other tokens by white space characters"),f+=g.source.
length,d=g.source.substring(1);break;case"error":r(g,"UNEXPECTED_TOKEN",g.message),f+=g.source.length;break;default:{let S=`\
Unexpected token in block scalar header: ${g.type}`;r(g,"UNEXPECTED_TOKEN",S);let y=g.source;y&&typeof y=="string"&&(f+=
y.length)}}}return{mode:i,indent:s,chomp:a,comment:d,length:f}}function WT(t){let e=t.split(/\n( *)/),n=e[0],r=n.match(/^( *)/),
i=[r?.[1]?[r[1],n.slice(r[1].length)]:["",n]];for(let s=1;s<e.length;s+=2)i.push([e[s],e[s+1]]);return i}uh.resolveBlockScalar=
HT});var yc=O(dh=>{"use strict";l();var mc=ee(),GT=cn();function JT(t,e,n){let{offset:r,type:o,source:i,end:s}=t,a,c,u=(p,g,S)=>n(
r+p,g,S);switch(o){case"scalar":a=mc.Scalar.PLAIN,c=VT(i,u);break;case"single-quoted-scalar":a=mc.Scalar.QUOTE_SINGLE,c=
zT(i,u);break;case"double-quoted-scalar":a=mc.Scalar.QUOTE_DOUBLE,c=XT(i,u);break;default:return n(t,"UNEXPECTED_TOKEN",
`Expected a flow scalar value, but found: ${o}`),{value:"",type:null,comment:"",range:[r,r+i.length,r+i.length]}}let d=r+
i.length,f=GT.resolveEnd(s,d,e,n);return{value:c,type:a,comment:f.comment,range:[r,d,f.offset]}}function VT(t,e){let n="";
switch(t[0]){case"	":n="a tab character";break;case",":n="flow indicator character ,";break;case"%":n="directive indicat\
or character %";break;case"|":case">":{n=`block scalar indicator ${t[0]}`;break}case"@":case"`":{n=`reserved character ${t[0]}`;
break}}return n&&e(0,"BAD_SCALAR_START",`Plain value cannot start with ${n}`),fh(t)}function zT(t,e){return(t[t.length-1]!==
"'"||t.length===1)&&e(t.length,"MISSING_CHAR","Missing closing 'quote"),fh(t.slice(1,-1)).replace(/''/g,"'")}function fh(t){
let e=/(.*?)\r?\n/sy,n=e.exec(t);if(!n)return t;let r,o;try{r=new RegExp("(?<![ 	])[ 	]+$"),o=new RegExp("^[ 	]+|(?<![ 	\
])[ 	]+$","g")}catch{r=/[ \t]+$/,o=/^[ \t]+|[ \t]+$/g}let i=n[1].replace(r,""),s=" ",a=e.lastIndex;for(;n=e.exec(t);){let u=n[1].
replace(o,"");u===""?s===`
`?i+=s:s=`
`:(i+=s+u,s=" "),a=e.lastIndex}let c=/[ \t]*(.*)/sy;return c.lastIndex=a,n=c.exec(t),i+s+(n?.[1]??"")}function XT(t,e){let n="";
for(let r=1;r<t.length-1;++r){let o=t[r];if(!(o==="\r"&&t[r+1]===`
`))if(o===`
`){let{fold:i,offset:s}=QT(t,r);n+=i,r=s}else if(o==="\\"){let i=t[++r],s=ZT[i];if(s)n+=s;else if(i===`
`)for(i=t[r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="\r"&&t[r+1]===`
`)for(i=t[++r+1];i===" "||i==="	";)i=t[++r+1];else if(i==="x"||i==="u"||i==="U"){let a=i==="x"?2:i==="u"?4:8;n+=e_(t,r+1,
a,e),r+=a}else{let a=t.substr(r-1,2);e(r-1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),n+=a}}else if(o===" "||o==="	"){
let i=r,s=t[r+1];for(;s===" "||s==="	";)s=t[++r+1];s!==`
`&&!(s==="\r"&&t[r+2]===`
`)&&(n+=r>i?t.slice(i,r+1):o)}else n+=o}return(t[t.length-1]!=='"'||t.length===1)&&e(t.length,"MISSING_CHAR",'Missing cl\
osing "quote'),n}function QT(t,e){let n="",r=t[e+1];for(;(r===" "||r==="	"||r===`
`||r==="\r")&&!(r==="\r"&&t[e+2]!==`
`);)r===`
`&&(n+=`
`),e+=1,r=t[e+1];return n||(n=" "),{fold:n,offset:e}}var ZT={0:"\0",a:"\x07",b:"\b",e:"\x1B",f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function e_(t,e,n,r){
let o=t.substr(e,n),s=o.length===n&&/^[0-9a-fA-F]+$/.test(o)?parseInt(o,16):NaN;try{return String.fromCodePoint(s)}catch{
let a=t.substr(e-2,n+2);return r(e-2,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),a}}dh.resolveFlowScalar=JT});var mh=O(hh=>{"use strict";l();var Nt=U(),ph=ee(),t_=hc(),n_=yc();function r_(t,e,n,r){let{value:o,type:i,comment:s,range:a}=e.
type==="block-scalar"?t_.resolveBlockScalar(t,e,r):n_.resolveFlowScalar(e,t.options.strict,r),c=n?t.directives.tagName(n.
source,f=>r(n,"TAG_RESOLVE_FAILED",f)):null,u;t.options.stringKeys&&t.atKey?u=t.schema[Nt.SCALAR]:c?u=o_(t.schema,o,c,n,
r):e.type==="scalar"?u=i_(t,o,e,r):u=t.schema[Nt.SCALAR];let d;try{let f=u.resolve(o,p=>r(n??e,"TAG_RESOLVE_FAILED",p),t.
options);d=Nt.isScalar(f)?f:new ph.Scalar(f)}catch(f){let p=f instanceof Error?f.message:String(f);r(n??e,"TAG_RESOLVE_F\
AILED",p),d=new ph.Scalar(o)}return d.range=a,d.source=o,i&&(d.type=i),c&&(d.tag=c),u.format&&(d.format=u.format),s&&(d.
comment=s),d}function o_(t,e,n,r,o){if(n==="!")return t[Nt.SCALAR];let i=[];for(let a of t.tags)if(!a.collection&&a.tag===
n)if(a.default&&a.test)i.push(a);else return a;for(let a of i)if(a.test?.test(e))return a;let s=t.knownTags[n];return s&&
!s.collection?(t.tags.push(Object.assign({},s,{default:!1,test:void 0})),s):(o(r,"TAG_RESOLVE_FAILED",`Unresolved tag: ${n}`,
n!=="tag:yaml.org,2002:str"),t[Nt.SCALAR])}function i_({atKey:t,directives:e,schema:n},r,o,i){let s=n.tags.find(a=>(a.default===
!0||t&&a.default==="key")&&a.test?.test(r))||n[Nt.SCALAR];if(n.compat){let a=n.compat.find(c=>c.default&&c.test?.test(r))??
n[Nt.SCALAR];if(s.tag!==a.tag){let c=e.tagString(s.tag),u=e.tagString(a.tag),d=`Value may be parsed as either ${c} or ${u}`;
i(o,"TAG_RESOLVE_FAILED",d,!0)}}return s}hh.composeScalar=r_});var gh=O(yh=>{"use strict";l();function s_(t,e,n){if(e){n??(n=e.length);for(let r=n-1;r>=0;--r){let o=e[r];switch(o.type){case"\
space":case"comment":case"newline":t-=o.source.length;continue}for(o=e[++r];o?.type==="space";)t+=o.source.length,o=e[++r];
break}}return t}yh.emptyScalarPosition=s_});var Sh=O(wc=>{"use strict";l();var a_=zn(),c_=U(),l_=lh(),wh=mh(),u_=cn(),f_=gh(),d_={composeNode:bh,composeEmptyNode:gc};
function bh(t,e,n,r){let o=t.atKey,{spaceBefore:i,comment:s,anchor:a,tag:c}=n,u,d=!0;switch(e.type){case"alias":u=p_(t,e,
r),(a||c)&&r(e,"ALIAS_PROPS","An alias node must not specify any properties");break;case"scalar":case"single-quoted-scal\
ar":case"double-quoted-scalar":case"block-scalar":u=wh.composeScalar(t,e,c,r),a&&(u.anchor=a.source.substring(1));break;case"\
block-map":case"block-seq":case"flow-collection":try{u=l_.composeCollection(d_,t,e,n,r),a&&(u.anchor=a.source.substring(
1))}catch(f){let p=f instanceof Error?f.message:String(f);r(e,"RESOURCE_EXHAUSTION",p)}break;default:{let f=e.type==="er\
ror"?e.message:`Unsupported token (type: ${e.type})`;r(e,"UNEXPECTED_TOKEN",f),d=!1}}return u??(u=gc(t,e.offset,void 0,null,
n,r)),a&&u.anchor===""&&r(a,"BAD_ALIAS","Anchor cannot be an empty string"),o&&t.options.stringKeys&&(!c_.isScalar(u)||typeof u.
value!="string"||u.tag&&u.tag!=="tag:yaml.org,2002:str")&&r(c??e,"NON_STRING_KEY","With stringKeys, all keys must be str\
ings"),i&&(u.spaceBefore=!0),s&&(e.type==="scalar"&&e.source===""?u.comment=s:u.commentBefore=s),t.options.keepSourceTokens&&
d&&(u.srcToken=e),u}function gc(t,e,n,r,{spaceBefore:o,comment:i,anchor:s,tag:a,end:c},u){let d={type:"scalar",offset:f_.
emptyScalarPosition(e,n,r),indent:-1,source:""},f=wh.composeScalar(t,d,a,u);return s&&(f.anchor=s.source.substring(1),f.
anchor===""&&u(s,"BAD_ALIAS","Anchor cannot be an empty string")),o&&(f.spaceBefore=!0),i&&(f.comment=i,f.range[2]=c),f}
function p_({options:t},{offset:e,source:n,end:r},o){let i=new a_.Alias(n.substring(1));i.source===""&&o(e,"BAD_ALIAS","\
Alias cannot be an empty string"),i.source.endsWith(":")&&o(e+n.length-1,"BAD_ALIAS","Alias ending in : is ambiguous",!0);
let s=e+n.length,a=u_.resolveEnd(r,s,t.strict,o);return i.range=[e,s,a.offset],a.comment&&(i.comment=a.comment),i}wc.composeEmptyNode=
gc;wc.composeNode=bh});var Ah=O(Eh=>{"use strict";l();var h_=dr(),kh=Sh(),m_=cn(),y_=yr();function g_(t,e,{offset:n,start:r,value:o,end:i},s){let a=Object.
assign({_directives:e},t),c=new h_.Document(void 0,a),u={atKey:!1,atRoot:!0,directives:c.directives,options:c.options,schema:c.
schema},d=y_.resolveProps(r,{indicator:"doc-start",next:o??i?.[0],offset:n,onError:s,parentIndent:0,startOnNewline:!0});
d.found&&(c.directives.docStart=!0,o&&(o.type==="block-map"||o.type==="block-seq")&&!d.hasNewline&&s(d.end,"MISSING_CHAR",
"Block collection cannot start on same line with directives-end marker")),c.contents=o?kh.composeNode(u,o,d,s):kh.composeEmptyNode(
u,d.end,r,null,d,s);let f=c.contents.range[2],p=m_.resolveEnd(i,f,!1,s);return p.comment&&(c.comment=p.comment),c.range=
[n,f,p.offset],c}Eh.composeDoc=g_});var Sc=O(Oh=>{"use strict";l();var w_=require("process"),b_=ia(),S_=dr(),gr=mr(),Th=U(),k_=Ah(),E_=cn();function wr(t){if(typeof t==
"number")return[t,t+1];if(Array.isArray(t))return t.length===2?t:[t[0],t[1]];let{offset:e,source:n}=t;return[e,e+(typeof n==
"string"?n.length:1)]}function _h(t){let e="",n=!1,r=!1;for(let o=0;o<t.length;++o){let i=t[o];switch(i[0]){case"#":e+=(e===
""?"":r?`

`:`
`)+(i.substring(1)||" "),n=!0,r=!1;break;case"%":t[o+1]?.[0]!=="#"&&(o+=1),n=!1;break;default:n||(r=!0),n=!1}}return{comment:e,
afterEmptyLine:r}}var bc=class{constructor(e={}){this.doc=null,this.atDirectives=!1,this.prelude=[],this.errors=[],this.
warnings=[],this.onError=(n,r,o,i)=>{let s=wr(n);i?this.warnings.push(new gr.YAMLWarning(s,r,o)):this.errors.push(new gr.
YAMLParseError(s,r,o))},this.directives=new b_.Directives({version:e.version||"1.2"}),this.options=e}decorate(e,n){let{comment:r,
afterEmptyLine:o}=_h(this.prelude);if(r){let i=e.contents;if(n)e.comment=e.comment?`${e.comment}
${r}`:r;else if(o||e.directives.docStart||!i)e.commentBefore=r;else if(Th.isCollection(i)&&!i.flow&&i.items.length>0){let s=i.
items[0];Th.isPair(s)&&(s=s.key);let a=s.commentBefore;s.commentBefore=a?`${r}
${a}`:r}else{let s=i.commentBefore;i.commentBefore=s?`${r}
${s}`:r}}if(n){for(let i=0;i<this.errors.length;++i)e.errors.push(this.errors[i]);for(let i=0;i<this.warnings.length;++i)
e.warnings.push(this.warnings[i])}else e.errors=this.errors,e.warnings=this.warnings;this.prelude=[],this.errors=[],this.
warnings=[]}streamInfo(){return{comment:_h(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.
warnings}}*compose(e,n=!1,r=-1){for(let o of e)yield*this.next(o);yield*this.end(n,r)}*next(e){switch(w_.env.LOG_STREAM&&
console.dir(e,{depth:null}),e.type){case"directive":this.directives.add(e.source,(n,r,o)=>{let i=wr(e);i[0]+=n,this.onError(
i,"BAD_DIRECTIVE",r,o)}),this.prelude.push(e.source),this.atDirectives=!0;break;case"document":{let n=k_.composeDoc(this.
options,this.directives,e,this.onError);this.atDirectives&&!n.directives.docStart&&this.onError(e,"MISSING_CHAR","Missin\
g directives-end/doc-start indicator line"),this.decorate(n,!1),this.doc&&(yield this.doc),this.doc=n,this.atDirectives=
!1;break}case"byte-order-mark":case"space":break;case"comment":case"newline":this.prelude.push(e.source);break;case"erro\
r":{let n=e.source?`${e.message}: ${JSON.stringify(e.source)}`:e.message,r=new gr.YAMLParseError(wr(e),"UNEXPECTED_TOKEN",
n);this.atDirectives||!this.doc?this.errors.push(r):this.doc.errors.push(r);break}case"doc-end":{if(!this.doc){let r="Un\
expected doc-end without preceding document";this.errors.push(new gr.YAMLParseError(wr(e),"UNEXPECTED_TOKEN",r));break}this.
doc.directives.docEnd=!0;let n=E_.resolveEnd(e.end,e.offset+e.source.length,this.doc.options.strict,this.onError);if(this.
decorate(this.doc,!0),n.comment){let r=this.doc.comment;this.doc.comment=r?`${r}
${n.comment}`:n.comment}this.doc.range[2]=n.offset;break}default:this.errors.push(new gr.YAMLParseError(wr(e),"UNEXPECTE\
D_TOKEN",`Unsupported token ${e.type}`))}}*end(e=!1,n=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=
null;else if(e){let r=Object.assign({_directives:this.directives},this.options),o=new S_.Document(void 0,r);this.atDirectives&&
this.onError(n,"MISSING_CHAR","Missing directives-end indicator line"),o.range=[0,n,n],this.decorate(o,!1),yield o}}};Oh.
Composer=bc});var Rh=O(xi=>{"use strict";l();var A_=hc(),T_=yc(),__=mr(),xh=tr();function O_(t,e=!0,n){if(t){let r=(o,i,s)=>{let a=typeof o==
"number"?o:Array.isArray(o)?o[0]:o.offset;if(n)n(a,i,s);else throw new __.YAMLParseError([a,a+1],i,s)};switch(t.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return T_.resolveFlowScalar(t,e,r);case"block-scalar":return A_.
resolveBlockScalar({options:{strict:e}},t,r)}}return null}function x_(t,e){let{implicitKey:n=!1,indent:r,inFlow:o=!1,offset:i=-1,
type:s="PLAIN"}=e,a=xh.stringifyString({type:s,value:t},{implicitKey:n,indent:r>0?" ".repeat(r):"",inFlow:o,options:{blockQuote:!0,
lineWidth:-1}}),c=e.end??[{type:"newline",offset:-1,indent:r,source:`
`}];switch(a[0]){case"|":case">":{let u=a.indexOf(`
`),d=a.substring(0,u),f=a.substring(u+1)+`
`,p=[{type:"block-scalar-header",offset:i,indent:r,source:d}];return vh(p,c)||p.push({type:"newline",offset:-1,indent:r,
source:`
`}),{type:"block-scalar",offset:i,indent:r,props:p,source:f}}case'"':return{type:"double-quoted-scalar",offset:i,indent:r,
source:a,end:c};case"'":return{type:"single-quoted-scalar",offset:i,indent:r,source:a,end:c};default:return{type:"scalar",
offset:i,indent:r,source:a,end:c}}}function v_(t,e,n={}){let{afterKey:r=!1,implicitKey:o=!1,inFlow:i=!1,type:s}=n,a="ind\
ent"in t?t.indent:null;if(r&&typeof a=="number"&&(a+=2),!s)switch(t.type){case"single-quoted-scalar":s="QUOTE_SINGLE";break;case"\
double-quoted-scalar":s="QUOTE_DOUBLE";break;case"block-scalar":{let u=t.props[0];if(u.type!=="block-scalar-header")throw new Error(
"Invalid block scalar header");s=u.source[0]===">"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:s="PLAIN"}let c=xh.stringifyString(
{type:s,value:e},{implicitKey:o||a===null,indent:a!==null&&a>0?" ".repeat(a):"",inFlow:i,options:{blockQuote:!0,lineWidth:-1}});
switch(c[0]){case"|":case">":R_(t,c);break;case'"':kc(t,c,"double-quoted-scalar");break;case"'":kc(t,c,"single-quoted-sc\
alar");break;default:kc(t,c,"scalar")}}function R_(t,e){let n=e.indexOf(`
`),r=e.substring(0,n),o=e.substring(n+1)+`
`;if(t.type==="block-scalar"){let i=t.props[0];if(i.type!=="block-scalar-header")throw new Error("Invalid block scalar h\
eader");i.source=r,t.source=o}else{let{offset:i}=t,s="indent"in t?t.indent:-1,a=[{type:"block-scalar-header",offset:i,indent:s,
source:r}];vh(a,"end"in t?t.end:void 0)||a.push({type:"newline",offset:-1,indent:s,source:`
`});for(let c of Object.keys(t))c!=="type"&&c!=="offset"&&delete t[c];Object.assign(t,{type:"block-scalar",indent:s,props:a,
source:o})}}function vh(t,e){if(e)for(let n of e)switch(n.type){case"space":case"comment":t.push(n);break;case"newline":
return t.push(n),!0}return!1}function kc(t,e,n){switch(t.type){case"scalar":case"double-quoted-scalar":case"single-quote\
d-scalar":t.type=n,t.source=e;break;case"block-scalar":{let r=t.props.slice(1),o=e.length;t.props[0].type==="block-scala\
r-header"&&(o-=t.props[0].source.length);for(let i of r)i.offset+=o;delete t.props,Object.assign(t,{type:n,source:e,end:r});
break}case"block-map":case"block-seq":{let o={type:"newline",offset:t.offset+e.length,indent:t.indent,source:`
`};delete t.items,Object.assign(t,{type:n,source:e,end:[o]});break}default:{let r="indent"in t?t.indent:-1,o="end"in t&&
Array.isArray(t.end)?t.end.filter(i=>i.type==="space"||i.type==="comment"||i.type==="newline"):[];for(let i of Object.keys(
t))i!=="type"&&i!=="offset"&&delete t[i];Object.assign(t,{type:n,indent:r,source:e,end:o})}}}xi.createScalarToken=x_;xi.
resolveAsScalar=O_;xi.setScalarValue=v_});var Ih=O(Ch=>{"use strict";l();var C_=t=>"type"in t?Ri(t):vi(t);function Ri(t){switch(t.type){case"block-scalar":{let e="";
for(let n of t.props)e+=Ri(n);return e+t.source}case"block-map":case"block-seq":{let e="";for(let n of t.items)e+=vi(n);
return e}case"flow-collection":{let e=t.start.source;for(let n of t.items)e+=vi(n);for(let n of t.end)e+=n.source;return e}case"\
document":{let e=vi(t);if(t.end)for(let n of t.end)e+=n.source;return e}default:{let e=t.source;if("end"in t&&t.end)for(let n of t.
end)e+=n.source;return e}}}function vi({start:t,key:e,sep:n,value:r}){let o="";for(let i of t)o+=i.source;if(e&&(o+=Ri(e)),
n)for(let i of n)o+=i.source;return r&&(o+=Ri(r)),o}Ch.stringify=C_});var Lh=O($h=>{"use strict";l();var Ec=Symbol("break visit"),I_=Symbol("skip children"),Nh=Symbol("remove item");function Pt(t,e){
"type"in t&&t.type==="document"&&(t={start:t.start,value:t.value}),Ph(Object.freeze([]),t,e)}Pt.BREAK=Ec;Pt.SKIP=I_;Pt.REMOVE=
Nh;Pt.itemAtPath=(t,e)=>{let n=t;for(let[r,o]of e){let i=n?.[r];if(i&&"items"in i)n=i.items[o];else return}return n};Pt.
parentCollection=(t,e)=>{let n=Pt.itemAtPath(t,e.slice(0,-1)),r=e[e.length-1][0],o=n?.[r];if(o&&"items"in o)return o;throw new Error(
"Parent collection not found")};function Ph(t,e,n){let r=n(e,t);if(typeof r=="symbol")return r;for(let o of["key","value"]){
let i=e[o];if(i&&"items"in i){for(let s=0;s<i.items.length;++s){let a=Ph(Object.freeze(t.concat([[o,s]])),i.items[s],n);
if(typeof a=="number")s=a-1;else{if(a===Ec)return Ec;a===Nh&&(i.items.splice(s,1),s-=1)}}typeof r=="function"&&o==="key"&&
(r=r(e,t))}}return typeof r=="function"?r(e,t):r}$h.visit=Pt});var Ci=O(de=>{"use strict";l();var Ac=Rh(),N_=Ih(),P_=Lh(),Tc="\uFEFF",_c="",Oc="",xc="",$_=t=>!!t&&"items"in t,L_=t=>!!t&&
(t.type==="scalar"||t.type==="single-quoted-scalar"||t.type==="double-quoted-scalar"||t.type==="block-scalar");function M_(t){
switch(t){case Tc:return"<BOM>";case _c:return"<DOC>";case Oc:return"<FLOW_END>";case xc:return"<SCALAR>";default:return JSON.
stringify(t)}}function j_(t){switch(t){case Tc:return"byte-order-mark";case _c:return"doc-mode";case Oc:return"flow-erro\
r-end";case xc:return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(t[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}de.createScalarToken=Ac.createScalarToken;de.resolveAsScalar=
Ac.resolveAsScalar;de.setScalarValue=Ac.setScalarValue;de.stringify=N_.stringify;de.visit=P_.visit;de.BOM=Tc;de.DOCUMENT=
_c;de.FLOW_END=Oc;de.SCALAR=xc;de.isCollection=$_;de.isScalar=L_;de.prettyToken=M_;de.tokenType=j_});var Cc=O(jh=>{"use strict";l();var br=Ci();function Re(t){switch(t){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var Mh=new Set("0123456789ABCDEFabcdef"),D_=new Set("0123456789ABCDEFGHIJK\
LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),Ii=new Set(",[]{}"),q_=new Set(` ,[]{}
\r	`),vc=t=>!t||q_.has(t),Rc=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=
"",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(e,n=!1){
if(e){if(typeof e!="string")throw TypeError("source is not a string");this.buffer=this.buffer?this.buffer+e:e,this.lineEndPos=
null}this.atEnd=!n;let r=this.next??"stream";for(;r&&(n||this.hasChars(1));)r=yield*this.parseNext(r)}atLineEnd(){let e=this.
pos,n=this.buffer[e];for(;n===" "||n==="	";)n=this.buffer[++e];return!n||n==="#"||n===`
`?!0:n==="\r"?this.buffer[e+1]===`
`:!1}charAt(e){return this.buffer[this.pos+e]}continueScalar(e){let n=this.buffer[e];if(this.indentNext>0){let r=0;for(;n===
" ";)n=this.buffer[++r+e];if(n==="\r"){let o=this.buffer[r+e+1];if(o===`
`||!o&&!this.atEnd)return e+r+1}return n===`
`||r>=this.indentNext||!n&&!this.atEnd?e+r:-1}if(n==="-"||n==="."){let r=this.buffer.substr(e,3);if((r==="---"||r==="...")&&
Re(this.buffer[e+3]))return-1}return e}getLine(){let e=this.lineEndPos;return(typeof e!="number"||e!==-1&&e<this.pos)&&(e=
this.buffer.indexOf(`
`,this.pos),this.lineEndPos=e),e===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[e-1]==="\r"&&(e-=1),this.
buffer.substring(this.pos,e))}hasChars(e){return this.pos+e<=this.buffer.length}setNext(e){return this.buffer=this.buffer.
substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=e,null}peek(e){return this.buffer.substr(this.pos,e)}*parseNext(e){
switch(e){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"block-st\
art":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.parseFlowCollection();case"\
quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"plain-\
scalar":return yield*this.parsePlainScalar()}}*parseStream(){let e=this.getLine();if(e===null)return this.setNext("strea\
m");if(e[0]===br.BOM&&(yield*this.pushCount(1),e=e.substring(1)),e[0]==="%"){let n=e.length,r=e.indexOf("#");for(;r!==-1;){
let i=e[r-1];if(i===" "||i==="	"){n=r-1;break}else r=e.indexOf("#",r+1)}for(;;){let i=e[n-1];if(i===" "||i==="	")n-=1;else
break}let o=(yield*this.pushCount(n))+(yield*this.pushSpaces(!0));return yield*this.pushCount(e.length-o),this.pushNewline(),
"stream"}if(this.atLineEnd()){let n=yield*this.pushSpaces(!0);return yield*this.pushCount(e.length-n),yield*this.pushNewline(),
"stream"}return yield br.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let e=this.charAt(0);if(!e&&!this.atEnd)
return this.setNext("line-start");if(e==="-"||e==="."){if(!this.atEnd&&!this.hasChars(4))return this.setNext("line-start");
let n=this.peek(3);if((n==="---"||n==="...")&&Re(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.
indentNext=0,n==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&
!Re(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[e,n]=this.peek(
2);if(!n&&!this.atEnd)return this.setNext("block-start");if((e==="-"||e==="?"||e===":")&&Re(n)){let r=(yield*this.pushCount(
1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=r,"block-start"}return"doc"}*parseDocument(){
yield*this.pushSpaces(!0);let e=this.getLine();if(e===null)return this.setNext("doc");let n=yield*this.pushIndicators();
switch(e[n]){case"#":yield*this.pushCount(e.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case"\
{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(
1),"doc";case"*":return yield*this.pushUntil(vc),"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case"\
>":return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(e.length-n),yield*this.
pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let e,n,
r=-1;do e=yield*this.pushNewline(),e>0?(n=yield*this.pushSpaces(!1),this.indentValue=r=n):n=0,n+=yield*this.pushSpaces(!0);while(e+
n>0);let o=this.getLine();if(o===null)return this.setNext("flow");if((r!==-1&&r<this.indentNext&&o[0]!=="#"||r===0&&(o.startsWith(
"---")||o.startsWith("..."))&&Re(o[3]))&&!(r===this.indentNext-1&&this.flowLevel===1&&(o[0]==="]"||o[0]==="}")))return this.
flowLevel=0,yield br.FLOW_END,yield*this.parseLineStart();let i=0;for(;o[i]===",";)i+=yield*this.pushCount(1),i+=yield*this.
pushSpaces(!0),this.flowKey=!1;switch(i+=yield*this.pushIndicators(),o[i]){case void 0:return"flow";case"#":return yield*this.
pushCount(o.length-i),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,"flow";case"\
}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flow":"doc";case"*":return yield*this.
pushUntil(vc),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case":":{let s=this.charAt(1);
if(this.flowKey||Re(s)||s===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),"flow"}default:
return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let e=this.charAt(0),n=this.buffer.indexOf(e,
this.pos+1);if(e==="'")for(;n!==-1&&this.buffer[n+1]==="'";)n=this.buffer.indexOf("'",n+2);else for(;n!==-1;){let i=0;for(;this.
buffer[n-1-i]==="\\";)i+=1;if(i%2===0)break;n=this.buffer.indexOf('"',n+1)}let r=this.buffer.substring(0,n),o=r.indexOf(
`
`,this.pos);if(o!==-1){for(;o!==-1;){let i=this.continueScalar(o+1);if(i===-1)break;o=r.indexOf(`
`,i)}o!==-1&&(n=o-(r[o-1]==="\r"?2:1))}if(n===-1){if(!this.atEnd)return this.setNext("quoted-scalar");n=this.buffer.length}
return yield*this.pushToIndex(n+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.
blockScalarKeep=!1;let e=this.pos;for(;;){let n=this.buffer[++e];if(n==="+")this.blockScalarKeep=!0;else if(n>"0"&&n<="9")
this.blockScalarIndent=Number(n)-1;else if(n!=="-")break}return yield*this.pushUntil(n=>Re(n)||n==="#")}*parseBlockScalar(){
let e=this.pos-1,n=0,r;e:for(let i=this.pos;r=this.buffer[i];++i)switch(r){case" ":n+=1;break;case`
`:e=i,n=0;break;case"\r":{let s=this.buffer[i+1];if(!s&&!this.atEnd)return this.setNext("block-scalar");if(s===`
`)break}default:break e}if(!r&&!this.atEnd)return this.setNext("block-scalar");if(n>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=n:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let i=this.continueScalar(
e+1);if(i===-1)break;e=this.buffer.indexOf(`
`,i)}while(e!==-1);if(e===-1){if(!this.atEnd)return this.setNext("block-scalar");e=this.buffer.length}}let o=e+1;for(r=this.
buffer[o];r===" ";)r=this.buffer[++o];if(r==="	"){for(;r==="	"||r===" "||r==="\r"||r===`
`;)r=this.buffer[++o];e=o-1}else if(!this.blockScalarKeep)do{let i=e-1,s=this.buffer[i];s==="\r"&&(s=this.buffer[--i]);let a=i;
for(;s===" ";)s=this.buffer[--i];if(s===`
`&&i>=this.pos&&i+1+n>a)e=i;else break}while(!0);return yield br.SCALAR,yield*this.pushToIndex(e+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){
let e=this.flowLevel>0,n=this.pos-1,r=this.pos-1,o;for(;o=this.buffer[++r];)if(o===":"){let i=this.buffer[r+1];if(Re(i)||
e&&Ii.has(i))break;n=r}else if(Re(o)){let i=this.buffer[r+1];if(o==="\r"&&(i===`
`?(r+=1,o=`
`,i=this.buffer[r+1]):n=r),i==="#"||e&&Ii.has(i))break;if(o===`
`){let s=this.continueScalar(r+1);if(s===-1)break;r=Math.max(r,s-2)}}else{if(e&&Ii.has(o))break;n=r}return!o&&!this.atEnd?
this.setNext("plain-scalar"):(yield br.SCALAR,yield*this.pushToIndex(n+1,!0),e?"flow":"doc")}*pushCount(e){return e>0?(yield this.
buffer.substr(this.pos,e),this.pos+=e,e):0}*pushToIndex(e,n){let r=this.buffer.slice(this.pos,e);return r?(yield r,this.
pos+=r.length,r.length):(n&&(yield""),0)}*pushIndicators(){let e=0;e:for(;;){switch(this.charAt(0)){case"!":e+=yield*this.
pushTag(),e+=yield*this.pushSpaces(!0);continue e;case"&":e+=yield*this.pushUntil(vc),e+=yield*this.pushSpaces(!0);continue e;case"\
-":case"?":case":":{let n=this.flowLevel>0,r=this.charAt(1);if(Re(r)||n&&Ii.has(r)){n?this.flowKey&&(this.flowKey=!1):this.
indentNext=this.indentValue+1,e+=yield*this.pushCount(1),e+=yield*this.pushSpaces(!0);continue e}}}break e}return e}*pushTag(){
if(this.charAt(1)==="<"){let e=this.pos+2,n=this.buffer[e];for(;!Re(n)&&n!==">";)n=this.buffer[++e];return yield*this.pushToIndex(
n===">"?e+1:e,!1)}else{let e=this.pos+1,n=this.buffer[e];for(;n;)if(D_.has(n))n=this.buffer[++e];else if(n==="%"&&Mh.has(
this.buffer[e+1])&&Mh.has(this.buffer[e+2]))n=this.buffer[e+=3];else break;return yield*this.pushToIndex(e,!1)}}*pushNewline(){
let e=this.buffer[this.pos];return e===`
`?yield*this.pushCount(1):e==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(e){let n=this.pos-1,r;do r=this.buffer[++n];while(r===" "||e&&r==="	");let o=n-this.
pos;return o>0&&(yield this.buffer.substr(this.pos,o),this.pos=n),o}*pushUntil(e){let n=this.pos,r=this.buffer[n];for(;!e(
r);)r=this.buffer[++n];return yield*this.pushToIndex(n,!1)}};jh.Lexer=Rc});var Nc=O(Dh=>{"use strict";l();var Ic=class{constructor(){this.lineStarts=[],this.addNewLine=e=>this.lineStarts.push(e),
this.linePos=e=>{let n=0,r=this.lineStarts.length;for(;n<r;){let i=n+r>>1;this.lineStarts[i]<e?n=i+1:r=i}if(this.lineStarts[n]===
e)return{line:n+1,col:1};if(n===0)return{line:0,col:e};let o=this.lineStarts[n-1];return{line:n,col:e-o+1}}}};Dh.LineCounter=
Ic});var $c=O(Kh=>{"use strict";l();var U_=require("process"),qh=Ci(),F_=Cc();function mt(t,e){for(let n=0;n<t.length;++n)if(t[n].
type===e)return!0;return!1}function Uh(t){for(let e=0;e<t.length;++e)switch(t[e].type){case"space":case"comment":case"ne\
wline":break;default:return e}return-1}function Bh(t){switch(t?.type){case"alias":case"scalar":case"single-quoted-scalar":case"\
double-quoted-scalar":case"flow-collection":return!0;default:return!1}}function Ni(t){switch(t.type){case"document":return t.
start;case"block-map":{let e=t.items[t.items.length-1];return e.sep??e.start}case"block-seq":return t.items[t.items.length-
1].start;default:return[]}}function ln(t){if(t.length===0)return[];let e=t.length;e:for(;--e>=0;)switch(t[e].type){case"\
doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break e}for(;t[++e]?.type==="spac\
e";);return t.splice(e,t.length)}function Pi(t,e){if(e.length<1e5)Array.prototype.push.apply(t,e);else for(let n=0;n<e.length;++n)
t.push(e[n])}function Fh(t){if(t.start.type==="flow-seq-start")for(let e of t.items)e.sep&&!e.value&&!mt(e.start,"explic\
it-key-ind")&&!mt(e.sep,"map-value-ind")&&(e.key&&(e.value=e.key),delete e.key,Bh(e.value)?e.value.end?Pi(e.value.end,e.
sep):e.value.end=e.sep:Pi(e.start,e.sep),delete e.sep)}var Pc=class{constructor(e){this.atNewLine=!0,this.atScalar=!1,this.
indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type="",this.lexer=new F_.Lexer,this.onNewLine=
e}*parse(e,n=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let r of this.lexer.lex(e,n))yield*this.next(r);
n||(yield*this.end())}*next(e){if(this.source=e,U_.env.LOG_TOKENS&&console.log("|",qh.prettyToken(e)),this.atScalar){this.
atScalar=!1,yield*this.step(),this.offset+=e.length;return}let n=qh.tokenType(e);if(n)if(n==="scalar")this.atNewLine=!1,
this.atScalar=!0,this.type="scalar";else{switch(this.type=n,yield*this.step(),n){case"newline":this.atNewLine=!0,this.indent=
0,this.onNewLine&&this.onNewLine(this.offset+e.length);break;case"space":this.atNewLine&&e[0]===" "&&(this.indent+=e.length);
break;case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":this.atNewLine&&(this.indent+=e.length);break;case"d\
oc-mode":case"flow-error-end":return;default:this.atNewLine=!1}this.offset+=e.length}else{let r=`Not a YAML token: ${e}`;
yield*this.pop({type:"error",offset:this.offset,message:r,source:e}),this.offset+=e.length}}*end(){for(;this.stack.length>
0;)yield*this.pop()}get sourceToken(){return{type:this.type,offset:this.offset,indent:this.indent,source:this.source}}*step(){
let e=this.peek(1);if(this.type==="doc-end"&&e?.type!=="doc-end"){for(;this.stack.length>0;)yield*this.pop();this.stack.
push({type:"doc-end",offset:this.offset,source:this.source});return}if(!e)return yield*this.stream();switch(e.type){case"\
document":return yield*this.document(e);case"alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return yield*this.
scalar(e);case"block-scalar":return yield*this.blockScalar(e);case"block-map":return yield*this.blockMap(e);case"block-s\
eq":return yield*this.blockSequence(e);case"flow-collection":return yield*this.flowCollection(e);case"doc-end":return yield*this.
documentEnd(e)}yield*this.pop()}peek(e){return this.stack[this.stack.length-e]}*pop(e){let n=e??this.stack.pop();if(!n)yield{
type:"error",offset:this.offset,source:"",message:"Tried to pop an empty stack"};else if(this.stack.length===0)yield n;else{
let r=this.peek(1);switch(n.type==="block-scalar"?n.indent="indent"in r?r.indent:0:n.type==="flow-collection"&&r.type===
"document"&&(n.indent=0),n.type==="flow-collection"&&Fh(n),r.type){case"document":r.value=n;break;case"block-scalar":r.props.
push(n);break;case"block-map":{let o=r.items[r.items.length-1];if(o.value){r.items.push({start:[],key:n,sep:[]}),this.onKeyLine=
!0;return}else if(o.sep)o.value=n;else{Object.assign(o,{key:n,sep:[]}),this.onKeyLine=!o.explicitKey;return}break}case"b\
lock-seq":{let o=r.items[r.items.length-1];o.value?r.items.push({start:[],value:n}):o.value=n;break}case"flow-collection":{
let o=r.items[r.items.length-1];!o||o.value?r.items.push({start:[],key:n,sep:[]}):o.sep?o.value=n:Object.assign(o,{key:n,
sep:[]});return}default:yield*this.pop(),yield*this.pop(n)}if((r.type==="document"||r.type==="block-map"||r.type==="bloc\
k-seq")&&(n.type==="block-map"||n.type==="block-seq")){let o=n.items[n.items.length-1];o&&!o.sep&&!o.value&&o.start.length>
0&&Uh(o.start)===-1&&(n.indent===0||o.start.every(i=>i.type!=="comment"||i.indent<n.indent))&&(r.type==="document"?r.end=
o.start:r.items.push({start:o.start}),n.items.splice(-1,1))}}}*stream(){switch(this.type){case"directive-line":yield{type:"\
directive",offset:this.offset,source:this.source};return;case"byte-order-mark":case"space":case"comment":case"newline":yield this.
sourceToken;return;case"doc-mode":case"doc-start":{let e={type:"document",offset:this.offset,start:[]};this.type==="doc-\
start"&&e.start.push(this.sourceToken),this.stack.push(e);return}}yield{type:"error",offset:this.offset,message:`Unexpec\
ted ${this.type} token in YAML stream`,source:this.source}}*document(e){if(e.value)return yield*this.lineEnd(e);switch(this.
type){case"doc-start":{Uh(e.start)!==-1?(yield*this.pop(),yield*this.step()):e.start.push(this.sourceToken);return}case"\
anchor":case"tag":case"space":case"comment":case"newline":e.start.push(this.sourceToken);return}let n=this.startBlockValue(
e);n?this.stack.push(n):yield{type:"error",offset:this.offset,message:`Unexpected ${this.type} token in YAML document`,source:this.
source}}*scalar(e){if(this.type==="map-value-ind"){let n=Ni(this.peek(2)),r=ln(n),o;e.end?(o=e.end,o.push(this.sourceToken),
delete e.end):o=[this.sourceToken];let i={type:"block-map",offset:e.offset,indent:e.indent,items:[{start:r,key:e,sep:o}]};
this.onKeyLine=!0,this.stack[this.stack.length-1]=i}else yield*this.lineEnd(e)}*blockScalar(e){switch(this.type){case"sp\
ace":case"comment":case"newline":e.props.push(this.sourceToken);return;case"scalar":if(e.source=this.source,this.atNewLine=
!0,this.indent=0,this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}yield*this.pop();break;default:yield*this.pop(),yield*this.step()}}*blockMap(e){let n=e.items[e.items.length-1];switch(this.
type){case"newline":if(this.onKeyLine=!1,n.value){let r="end"in n.value?n.value.end:void 0;(Array.isArray(r)?r[r.length-
1]:void 0)?.type==="comment"?r?.push(this.sourceToken):e.items.push({start:[this.sourceToken]})}else n.sep?n.sep.push(this.
sourceToken):n.start.push(this.sourceToken);return;case"space":case"comment":if(n.value)e.items.push({start:[this.sourceToken]});else if(n.
sep)n.sep.push(this.sourceToken);else{if(this.atIndentedComment(n.start,e.indent)){let o=e.items[e.items.length-2]?.value?.
end;if(Array.isArray(o)){Pi(o,n.start),o.push(this.sourceToken),e.items.pop();return}}n.start.push(this.sourceToken)}return}
if(this.indent>=e.indent){let r=!this.onKeyLine&&this.indent===e.indent,o=r&&(n.sep||n.explicitKey)&&this.type!=="seq-it\
em-ind",i=[];if(o&&n.sep&&!n.value){let s=[];for(let a=0;a<n.sep.length;++a){let c=n.sep[a];switch(c.type){case"newline":
s.push(a);break;case"space":break;case"comment":c.indent>e.indent&&(s.length=0);break;default:s.length=0}}s.length>=2&&(i=
n.sep.splice(s[1]))}switch(this.type){case"anchor":case"tag":o||n.value?(i.push(this.sourceToken),e.items.push({start:i}),
this.onKeyLine=!0):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"explicit-key-ind":!n.sep&&
!n.explicitKey?(n.start.push(this.sourceToken),n.explicitKey=!0):o||n.value?(i.push(this.sourceToken),e.items.push({start:i,
explicitKey:!0})):this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],
explicitKey:!0}]}),this.onKeyLine=!0;return;case"map-value-ind":if(n.explicitKey)if(n.sep)if(n.value)e.items.push({start:[],
key:null,sep:[this.sourceToken]});else if(mt(n.sep,"map-value-ind"))this.stack.push({type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:i,key:null,sep:[this.sourceToken]}]});else if(Bh(n.key)&&!mt(n.sep,"newline")){let s=ln(
n.start),a=n.key,c=n.sep;c.push(this.sourceToken),delete n.key,delete n.sep,this.stack.push({type:"block-map",offset:this.
offset,indent:this.indent,items:[{start:s,key:a,sep:c}]})}else i.length>0?n.sep=n.sep.concat(i,this.sourceToken):n.sep.push(
this.sourceToken);else if(mt(n.start,"newline"))Object.assign(n,{key:null,sep:[this.sourceToken]});else{let s=ln(n.start);
this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:s,key:null,sep:[this.sourceToken]}]})}else
n.sep?n.value||o?e.items.push({start:i,key:null,sep:[this.sourceToken]}):mt(n.sep,"map-value-ind")?this.stack.push({type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):n.sep.push(this.sourceToken):
Object.assign(n,{key:null,sep:[this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"scalar":case"single-quoted-\
scalar":case"double-quoted-scalar":{let s=this.flowScalar(this.type);o||n.value?(e.items.push({start:i,key:s,sep:[]}),this.
onKeyLine=!0):n.sep?this.stack.push(s):(Object.assign(n,{key:s,sep:[]}),this.onKeyLine=!0);return}default:{let s=this.startBlockValue(
e);if(s){if(s.type==="block-seq"){if(!n.explicitKey&&n.sep&&!mt(n.sep,"newline")){yield*this.pop({type:"error",offset:this.
offset,message:"Unexpected block-seq-ind on same line with key",source:this.source});return}}else r&&e.items.push({start:i});
this.stack.push(s);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(e){let n=e.items[e.items.length-1];switch(this.
type){case"newline":if(n.value){let r="end"in n.value?n.value.end:void 0;(Array.isArray(r)?r[r.length-1]:void 0)?.type===
"comment"?r?.push(this.sourceToken):e.items.push({start:[this.sourceToken]})}else n.start.push(this.sourceToken);return;case"\
space":case"comment":if(n.value)e.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(n.start,e.indent)){
let o=e.items[e.items.length-2]?.value?.end;if(Array.isArray(o)){Pi(o,n.start),o.push(this.sourceToken),e.items.pop();return}}
n.start.push(this.sourceToken)}return;case"anchor":case"tag":if(n.value||this.indent<=e.indent)break;n.start.push(this.sourceToken);
return;case"seq-item-ind":if(this.indent!==e.indent)break;n.value||mt(n.start,"seq-item-ind")?e.items.push({start:[this.
sourceToken]}):n.start.push(this.sourceToken);return}if(this.indent>e.indent){let r=this.startBlockValue(e);if(r){this.stack.
push(r);return}}yield*this.pop(),yield*this.step()}*flowCollection(e){let n=e.items[e.items.length-1];if(this.type==="fl\
ow-error-end"){let r;do yield*this.pop(),r=this.peek(1);while(r?.type==="flow-collection")}else if(e.end.length===0){switch(this.
type){case"comma":case"explicit-key-ind":!n||n.sep?e.items.push({start:[this.sourceToken]}):n.start.push(this.sourceToken);
return;case"map-value-ind":!n||n.value?e.items.push({start:[],key:null,sep:[this.sourceToken]}):n.sep?n.sep.push(this.sourceToken):
Object.assign(n,{key:null,sep:[this.sourceToken]});return;case"space":case"comment":case"newline":case"anchor":case"tag":
!n||n.value?e.items.push({start:[this.sourceToken]}):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":{let o=this.flowScalar(this.type);!n||n.value?
e.items.push({start:[],key:o,sep:[]}):n.sep?this.stack.push(o):Object.assign(n,{key:o,sep:[]});return}case"flow-map-end":case"\
flow-seq-end":e.end.push(this.sourceToken);return}let r=this.startBlockValue(e);r?this.stack.push(r):(yield*this.pop(),yield*this.
step())}else{let r=this.peek(2);if(r.type==="block-map"&&(this.type==="map-value-ind"&&r.indent===e.indent||this.type===
"newline"&&!r.items[r.items.length-1].sep))yield*this.pop(),yield*this.step();else if(this.type==="map-value-ind"&&r.type!==
"flow-collection"){let o=Ni(r),i=ln(o);Fh(e);let s=e.end.splice(1,e.end.length);s.push(this.sourceToken);let a={type:"bl\
ock-map",offset:e.offset,indent:e.indent,items:[{start:i,key:e,sep:s}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=
a}else yield*this.lineEnd(e)}}flowScalar(e){if(this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}return{type:e,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(e){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let n=Ni(e),r=ln(n);return r.push(this.sourceToken),{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:r,explicitKey:!0}]}}case"map-value-ind":{this.onKeyLine=!0;let n=Ni(e),r=ln(n);return{type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:r,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(e,n){
return this.type!=="comment"||this.indent<=n?!1:e.every(r=>r.type==="newline"||r.type==="space")}*documentEnd(e){this.type!==
"doc-mode"&&(e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop()))}*lineEnd(e){
switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"map-value-ind":yield*this.
pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:e.end?e.end.push(this.sourceToken):e.end=[this.sourceToken],
this.type==="newline"&&(yield*this.pop())}}};Kh.Parser=Pc});var Jh=O(kr=>{"use strict";l();var Hh=Sc(),B_=dr(),Sr=mr(),K_=wa(),H_=U(),Y_=Nc(),Yh=$c();function Wh(t){let e=t.prettyErrors!==
!1;return{lineCounter:t.lineCounter||e&&new Y_.LineCounter||null,prettyErrors:e}}function W_(t,e={}){let{lineCounter:n,prettyErrors:r}=Wh(
e),o=new Yh.Parser(n?.addNewLine),i=new Hh.Composer(e),s=Array.from(i.compose(o.parse(t)));if(r&&n)for(let a of s)a.errors.
forEach(Sr.prettifyError(t,n)),a.warnings.forEach(Sr.prettifyError(t,n));return s.length>0?s:Object.assign([],{empty:!0},
i.streamInfo())}function Gh(t,e={}){let{lineCounter:n,prettyErrors:r}=Wh(e),o=new Yh.Parser(n?.addNewLine),i=new Hh.Composer(
e),s=null;for(let a of i.compose(o.parse(t),!0,t.length))if(!s)s=a;else if(s.options.logLevel!=="silent"){s.errors.push(
new Sr.YAMLParseError(a.range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please use YAML.parseAllDo\
cuments()"));break}return r&&n&&(s.errors.forEach(Sr.prettifyError(t,n)),s.warnings.forEach(Sr.prettifyError(t,n))),s}function G_(t,e,n){
let r;typeof e=="function"?r=e:n===void 0&&e&&typeof e=="object"&&(n=e);let o=Gh(t,n);if(!o)return null;if(o.warnings.forEach(
i=>K_.warn(o.options.logLevel,i)),o.errors.length>0){if(o.options.logLevel!=="silent")throw o.errors[0];o.errors=[]}return o.
toJS(Object.assign({reviver:r},n))}function J_(t,e,n){let r=null;if(typeof e=="function"||Array.isArray(e)?r=e:n===void 0&&
e&&(n=e),typeof n=="string"&&(n=n.length),typeof n=="number"){let o=Math.round(n);n=o<1?void 0:o>8?{indent:8}:{indent:o}}
if(t===void 0){let{keepUndefined:o}=n??e??{};if(!o)return}return H_.isDocument(t)&&!r?t.toString(n):new B_.Document(t,r,
n).toString(n)}kr.parse=G_;kr.parseAllDocuments=W_;kr.parseDocument=Gh;kr.stringify=J_});var Mc=O(Y=>{"use strict";l();var V_=Sc(),z_=dr(),X_=ec(),Lc=mr(),Q_=zn(),yt=U(),Z_=ft(),eO=ee(),tO=pt(),nO=ht(),rO=Ci(),
oO=Cc(),iO=Nc(),sO=$c(),$i=Jh(),Vh=Wn();Y.Composer=V_.Composer;Y.Document=z_.Document;Y.Schema=X_.Schema;Y.YAMLError=Lc.
YAMLError;Y.YAMLParseError=Lc.YAMLParseError;Y.YAMLWarning=Lc.YAMLWarning;Y.Alias=Q_.Alias;Y.isAlias=yt.isAlias;Y.isCollection=
yt.isCollection;Y.isDocument=yt.isDocument;Y.isMap=yt.isMap;Y.isNode=yt.isNode;Y.isPair=yt.isPair;Y.isScalar=yt.isScalar;
Y.isSeq=yt.isSeq;Y.Pair=Z_.Pair;Y.Scalar=eO.Scalar;Y.YAMLMap=tO.YAMLMap;Y.YAMLSeq=nO.YAMLSeq;Y.CST=rO;Y.Lexer=oO.Lexer;Y.
LineCounter=iO.LineCounter;Y.Parser=sO.Parser;Y.parse=$i.parse;Y.parseAllDocuments=$i.parseAllDocuments;Y.parseDocument=
$i.parseDocument;Y.stringify=$i.stringify;Y.visit=Vh.visit;Y.visitAsync=Vh.visitAsync});function rl(t,e="and"){return t.length<3?t.join(` ${e} `):`${t.slice(0,-1).join(", ")}, ${e} ${t[t.length-1]}`}function _e(t,e,n){
return Ym.set(t,e),dx(n,t)}function dx(t,e){return n;function n(...r){let o=Error.stackTraceLimit;ol()&&(Error.stackTraceLimit=
0);let i=new t;ol()&&(Error.stackTraceLimit=o);let s=mx(e,r,i);return Object.defineProperties(i,{message:{value:s,enumerable:!1,
writable:!0,configurable:!0},toString:{value(){return`${this.name} [${e}]: ${this.message}`},enumerable:!1,writable:!0,configurable:!0}}),
hx(i),i.code=e,i}}function ol(){try{if(Hm.default.startupSnapshot.isBuildingSnapshot())return!1}catch{}let t=Object.getOwnPropertyDescriptor(
Error,"stackTraceLimit");return t===void 0?Object.isExtensible(Error):cx.call(t,"writable")&&t.writable!==void 0?t.writable:
t.set!==void 0}function px(t){let e=fx+t.name;return Object.defineProperty(t,"name",{value:e}),t}function mx(t,e,n){let r=Ym.
get(t);if(gt.default.ok(r!==void 0,"expected `message` to be found"),typeof r=="function")return gt.default.ok(r.length<=
e.length,`Code: ${t}; The provided arguments length (${e.length}) does not match the required ones (${r.length}).`),Reflect.
apply(r,n,e);let o=/%[dfijoOs]/g,i=0;for(;o.exec(r)!==null;)i++;return gt.default.ok(i===e.length,`Code: ${t}; The provi\
ded arguments length (${e.length}) does not match the required ones (${i}).`),e.length===0?r:(e.unshift(r),Reflect.apply(
fn.format,null,e))}function yx(t){if(t==null)return String(t);if(typeof t=="function"&&t.name)return`function ${t.name}`;
if(typeof t=="object")return t.constructor&&t.constructor.name?`an instance of ${t.constructor.name}`:`${(0,fn.inspect)(
t,{depth:-1})}`;let e=(0,fn.inspect)(t,{colors:!1});return e.length>28&&(e=`${e.slice(0,25)}...`),`type ${typeof t} (${e}\
)`}var Hm,gt,fn,cx,lx,ux,Z,Ym,fx,Km,hx,Or=x(()=>{l();Hm=Q(require("node:v8"),1),gt=Q(require("node:assert"),1),fn=require("node:util"),
cx={}.hasOwnProperty,lx=/^([A-Z][a-z\d]*)+$/,ux=new Set(["string","function","number","object","Function","Object","bool\
ean","bigint","symbol"]),Z={};Ym=new Map,fx="__node_internal_";Z.ERR_INVALID_ARG_TYPE=_e("ERR_INVALID_ARG_TYPE",(t,e,n)=>{
gt.default.ok(typeof t=="string","'name' must be a string"),Array.isArray(e)||(e=[e]);let r="The ";if(t.endsWith(" argum\
ent"))r+=`${t} `;else{let a=t.includes(".")?"property":"argument";r+=`"${t}" ${a} `}r+="must be ";let o=[],i=[],s=[];for(let a of e)
gt.default.ok(typeof a=="string","All expected entries have to be of type string"),ux.has(a)?o.push(a.toLowerCase()):lx.
exec(a)===null?(gt.default.ok(a!=="object",'The value "object" should be written as "Object"'),s.push(a)):i.push(a);if(i.
length>0){let a=o.indexOf("object");a!==-1&&(o.slice(a,1),i.push("Object"))}return o.length>0&&(r+=`${o.length>1?"one of\
 type":"of type"} ${rl(o,"or")}`,(i.length>0||s.length>0)&&(r+=" or ")),i.length>0&&(r+=`an instance of ${rl(i,"or")}`,s.
length>0&&(r+=" or ")),s.length>0&&(s.length>1?r+=`one of ${rl(s,"or")}`:(s[0].toLowerCase()!==s[0]&&(r+="an "),r+=`${s[0]}`)),
r+=`. Received ${yx(n)}`,r},TypeError);Z.ERR_INVALID_MODULE_SPECIFIER=_e("ERR_INVALID_MODULE_SPECIFIER",(t,e,n=void 0)=>`\
Invalid module "${t}" ${e}${n?` imported from ${n}`:""}`,TypeError);Z.ERR_INVALID_PACKAGE_CONFIG=_e("ERR_INVALID_PACKAGE\
_CONFIG",(t,e,n)=>`Invalid package config ${t}${e?` while importing ${e}`:""}${n?`. ${n}`:""}`,Error);Z.ERR_INVALID_PACKAGE_TARGET=
_e("ERR_INVALID_PACKAGE_TARGET",(t,e,n,r=!1,o=void 0)=>{let i=typeof n=="string"&&!r&&n.length>0&&!n.startsWith("./");return e===
"."?(gt.default.ok(r===!1),`Invalid "exports" main target ${JSON.stringify(n)} defined in the package config ${t}package\
.json${o?` imported from ${o}`:""}${i?'; targets must start with "./"':""}`):`Invalid "${r?"imports":"exports"}" target ${JSON.
stringify(n)} defined for '${e}' in the package config ${t}package.json${o?` imported from ${o}`:""}${i?'; targets must \
start with "./"':""}`},Error);Z.ERR_MODULE_NOT_FOUND=_e("ERR_MODULE_NOT_FOUND",(t,e,n=!1)=>`Cannot find ${n?"module":"pa\
ckage"} '${t}' imported from ${e}`,Error);Z.ERR_NETWORK_IMPORT_DISALLOWED=_e("ERR_NETWORK_IMPORT_DISALLOWED","import of \
'%s' by %s is not supported: %s",Error);Z.ERR_PACKAGE_IMPORT_NOT_DEFINED=_e("ERR_PACKAGE_IMPORT_NOT_DEFINED",(t,e,n)=>`P\
ackage import specifier "${t}" is not defined${e?` in package ${e}package.json`:""} imported from ${n}`,TypeError);Z.ERR_PACKAGE_PATH_NOT_EXPORTED=
_e("ERR_PACKAGE_PATH_NOT_EXPORTED",(t,e,n=void 0)=>e==="."?`No "exports" main defined in ${t}package.json${n?` imported \
from ${n}`:""}`:`Package subpath '${e}' is not defined by "exports" in ${t}package.json${n?` imported from ${n}`:""}`,Error);
Z.ERR_UNSUPPORTED_DIR_IMPORT=_e("ERR_UNSUPPORTED_DIR_IMPORT","Directory import '%s' is not supported resolving ES module\
s imported from %s",Error);Z.ERR_UNSUPPORTED_RESOLVE_REQUEST=_e("ERR_UNSUPPORTED_RESOLVE_REQUEST",'Failed to resolve mod\
ule specifier "%s" from "%s": Invalid relative URL or base scheme is not hierarchical.',TypeError);Z.ERR_UNKNOWN_FILE_EXTENSION=
_e("ERR_UNKNOWN_FILE_EXTENSION",(t,e)=>`Unknown file extension "${t}" for ${e}`,TypeError);Z.ERR_INVALID_ARG_VALUE=_e("E\
RR_INVALID_ARG_VALUE",(t,e,n="is invalid")=>{let r=(0,fn.inspect)(e);return r.length>128&&(r=`${r.slice(0,128)}...`),`Th\
e ${t.includes(".")?"property":"argument"} '${t}' ${n}. Received ${r}`},TypeError);hx=px(function(t){let e=ol();return e&&
(Km=Error.stackTraceLimit,Error.stackTraceLimit=Number.POSITIVE_INFINITY),Error.captureStackTrace(t),e&&(Error.stackTraceLimit=
Km),t})});function il(t,{base:e,specifier:n}){let r=Wm.get(t);if(r)return r;let o;try{o=Gm.default.readFileSync(Jm.default.toNamespacedPath(
t),"utf8")}catch(s){let a=s;if(a.code!=="ENOENT")throw a}let i={exists:!1,pjsonPath:t,main:void 0,name:void 0,type:"none",
exports:void 0,imports:void 0};if(o!==void 0){let s;try{s=JSON.parse(o)}catch(a){let c=a,u=new gx(t,(e?`"${n}" from `:"")+
(0,Wi.fileURLToPath)(e||n),c.message);throw u.cause=c,u}i.exists=!0,xr.call(s,"name")&&typeof s.name=="string"&&(i.name=
s.name),xr.call(s,"main")&&typeof s.main=="string"&&(i.main=s.main),xr.call(s,"exports")&&(i.exports=s.exports),xr.call(
s,"imports")&&(i.imports=s.imports),xr.call(s,"type")&&(s.type==="commonjs"||s.type==="module")&&(i.type=s.type)}return Wm.
set(t,i),i}function Gi(t){let e=new URL("package.json",t);for(;!e.pathname.endsWith("node_modules/package.json");){let o=il(
(0,Wi.fileURLToPath)(e),{specifier:t});if(o.exists)return o;let i=e;if(e=new URL("../package.json",e),e.pathname===i.pathname)
break}return{pjsonPath:(0,Wi.fileURLToPath)(e),exists:!1,type:"none"}}function sl(t){return Gi(t).type}var Gm,Jm,Wi,xr,gx,
Wm,al=x(()=>{l();Gm=Q(require("node:fs"),1),Jm=Q(require("node:path"),1),Wi=require("node:url");Or();xr={}.hasOwnProperty,
{ERR_INVALID_PACKAGE_CONFIG:gx}=Z,Wm=new Map});function kx(t){return t&&/\s*(text|application)\/javascript\s*(;\s*charset=utf-?8\s*)?/i.test(t)?"module":t==="applicati\
on/json"?"json":null}function Ex(t){let{1:e}=/^([^/]+\/[^;,]+)[^,]*?(;base64)?,/.exec(t.pathname)||[null,null,null];return kx(
e)}function Ax(t){let e=t.pathname,n=e.length;for(;n--;){let r=e.codePointAt(n);if(r===47)return"";if(r===46)return e.codePointAt(
n-1)===47?"":e.slice(n)}return""}function Tx(t,e,n){let r=Ax(t);if(r===".js"){let s=sl(t);return s!=="none"?s:"commonjs"}
if(r===""){let s=sl(t);return s==="none"||s==="commonjs"?"commonjs":"module"}let o=Sx[r];if(o)return o;if(n)return;let i=(0,Xm.fileURLToPath)(
t);throw new wx(r,i)}function zm(){}function cl(t,e){let n=t.protocol;return bx.call(Vm,n)&&Vm[n](t,e,!0)||null}var Xm,wx,
bx,Sx,Vm,Qm=x(()=>{l();Xm=require("node:url");al();Or();({ERR_UNKNOWN_FILE_EXTENSION:wx}=Z),bx={}.hasOwnProperty,Sx={__proto__:null,
".cjs":"commonjs",".js":"module",".json":"json",".mjs":"module"};Vm={__proto__:null,"data:":Ex,"file:":Tx,"http:":zm,"ht\
tps:":zm,"node:"(){return"builtin"}}});function xx(){return Zm}function vx(){return Ox}function ll(t){if(t!==void 0&&t!==xx()){if(!Array.isArray(t))throw new _x(
"conditions",t,"expected an array");return new Set(t)}return vx()}var _x,Zm,Ox,ey=x(()=>{l();Or();({ERR_INVALID_ARG_VALUE:_x}=
Z),Zm=Object.freeze(["node","import"]),Ox=new Set(Zm)});function iy(t,e,n,r,o,i,s){if(wt.default.noDeprecation)return;let a=(0,F.fileURLToPath)(r),c=Lx.exec(s?t:e)!==null;wt.default.
emitWarning(`Use of deprecated ${c?"double slash":"leading or trailing slash matching"} resolving "${t}" for module requ\
est "${e}" ${e===n?"":`matched to "${n}" `}in the "${o?"imports":"exports"}" field module resolution of the package at ${a}${i?
` imported from ${(0,F.fileURLToPath)(i)}`:""}.`,"DeprecationWarning","DEP0166")}function sy(t,e,n,r){if(wt.default.noDeprecation||
cl(t,{parentURL:n.href})!=="module")return;let i=(0,F.fileURLToPath)(t.href),s=(0,F.fileURLToPath)(new URL(".",e)),a=(0,F.fileURLToPath)(
n);r?hl.default.resolve(s,r)!==i&&wt.default.emitWarning(`Package ${s} has a "main" field set to "${r}", excluding the f\
ull filename and extension to the resolved file at "${i.slice(s.length)}", imported from ${a}.
 Automatic extension resolution of the "main" field is deprecated for ES modules.`,"DeprecationWarning","DEP0151"):wt.default.
emitWarning(`No "main" or "exports" field defined in the package.json for ${s} resolving the main entry point "${i.slice(
s.length)}", imported from ${a}.
Default "index" lookups for the main are deprecated for ES modules.`,"DeprecationWarning","DEP0151")}function uy(t){try{
return(0,Rr.statSync)(t)}catch{}}function fl(t){let e=(0,Rr.statSync)(t,{throwIfNoEntry:!1}),n=e?e.isFile():void 0;return n??
!1}function Mx(t,e,n){let r;if(e.main!==void 0){if(r=new URL(e.main,t),fl(r))return r;let s=[`./${e.main}.js`,`./${e.main}\
.json`,`./${e.main}.node`,`./${e.main}/index.js`,`./${e.main}/index.json`,`./${e.main}/index.node`],a=-1;for(;++a<s.length&&
(r=new URL(s[a],t),!fl(r));)r=void 0;if(r)return sy(r,t,n,e.main),r}let o=["./index.js","./index.json","./index.node"],i=-1;
for(;++i<o.length&&(r=new URL(o[i],t),!fl(r));)r=void 0;if(r)return sy(r,t,n,e.main),r;throw new ml((0,F.fileURLToPath)(
new URL(".",t)),(0,F.fileURLToPath)(n))}function jx(t,e,n){if($x.exec(t.pathname)!==null)throw new Xi(t.pathname,'must n\
ot include encoded "/" or "\\" characters',(0,F.fileURLToPath)(e));let r;try{r=(0,F.fileURLToPath)(t)}catch(i){let s=i;throw Object.
defineProperty(s,"input",{value:String(t)}),Object.defineProperty(s,"module",{value:String(e)}),s}let o=uy(r.endsWith("/")?
r.slice(-1):r);if(o&&o.isDirectory()){let i=new Nx(r,(0,F.fileURLToPath)(e));throw i.url=String(t),i}if(!o||!o.isFile()){
let i=new ml(r||t.pathname,e&&(0,F.fileURLToPath)(e),!0);throw i.url=String(t),i}if(!n){let i=(0,Rr.realpathSync)(r),{search:s,
hash:a}=t;t=(0,F.pathToFileURL)(i+(r.endsWith(hl.default.sep)?"/":"")),t.search=s,t.hash=a}return t}function Dx(t,e,n){return new Cx(
t,e&&(0,F.fileURLToPath)(new URL(".",e)),(0,F.fileURLToPath)(n))}function dl(t,e,n){return new Ix((0,F.fileURLToPath)(new URL(
".",e)),t,n&&(0,F.fileURLToPath)(n))}function qx(t,e,n,r,o){let i=`request is not a valid match in pattern "${e}" for th\
e "${r?"imports":"exports"}" resolution of ${(0,F.fileURLToPath)(n)}`;throw new Xi(t,i,o&&(0,F.fileURLToPath)(o))}function vr(t,e,n,r,o){
return e=typeof e=="object"&&e!==null?JSON.stringify(e,null,""):`${e}`,new Rx((0,F.fileURLToPath)(new URL(".",n)),t,e,r,
o&&(0,F.fileURLToPath)(o))}function Ux(t,e,n,r,o,i,s,a,c){if(e!==""&&!i&&t[t.length-1]!=="/")throw vr(n,t,r,s,o);if(!t.startsWith(
"./")){if(s&&!t.startsWith("../")&&!t.startsWith("/")){let p=!1;try{new URL(t),p=!0}catch{}if(!p){let g=i?Ji.call(Vi,t,()=>e):
t+e;return dy(g,r,c)}}throw vr(n,t,r,s,o)}if(ny.exec(t.slice(2))!==null)if(ry.exec(t.slice(2))===null){if(!a){let p=i?n.
replace("*",()=>e):n+e,g=i?Ji.call(Vi,t,()=>e):t;iy(g,p,n,r,s,o,!0)}}else throw vr(n,t,r,s,o);let u=new URL(t,r),d=u.pathname,
f=new URL(".",r).pathname;if(!d.startsWith(f))throw vr(n,t,r,s,o);if(e==="")return u;if(ny.exec(e)!==null){let p=i?n.replace(
"*",()=>e):n+e;if(ry.exec(e)===null){if(!a){let g=i?Ji.call(Vi,t,()=>e):t;iy(g,p,n,r,s,o,!1)}}else qx(p,n,r,s,o)}return i?
new URL(Ji.call(Vi,u.href,()=>e)):new URL(e,u)}function Fx(t){let e=Number(t);return`${e}`!==t?!1:e>=0&&e<4294967295}function dn(t,e,n,r,o,i,s,a,c){
if(typeof e=="string")return Ux(e,n,r,t,o,i,s,a,c);if(Array.isArray(e)){let u=e;if(u.length===0)return null;let d,f=-1;for(;++f<
u.length;){let p=u[f],g;try{g=dn(t,p,n,r,o,i,s,a,c)}catch(S){let y=S;if(d=y,y.code==="ERR_INVALID_PACKAGE_TARGET")continue;
throw S}if(g!==void 0){if(g===null){d=null;continue}return g}}if(d==null)return null;throw d}if(typeof e=="object"&&e!==
null){let u=Object.getOwnPropertyNames(e),d=-1;for(;++d<u.length;){let f=u[d];if(Fx(f))throw new cy((0,F.fileURLToPath)(
t),o,'"exports" cannot contain numeric property keys.')}for(d=-1;++d<u.length;){let f=u[d];if(f==="default"||c&&c.has(f)){
let p=e[f],g=dn(t,p,n,r,o,i,s,a,c);if(g===void 0)continue;return g}}return null}if(e===null)return null;throw vr(r,e,t,s,
o)}function Bx(t,e,n){if(typeof t=="string"||Array.isArray(t))return!0;if(typeof t!="object"||t===null)return!1;let r=Object.
getOwnPropertyNames(t),o=!1,i=0,s=-1;for(;++s<r.length;){let a=r[s],c=a===""||a[0]!==".";if(i++===0)o=c;else if(o!==c)throw new cy(
(0,F.fileURLToPath)(e),n,`"exports" cannot contain some keys starting with '.' and some not. The exports object must eit\
her be an object of package subpath keys or an object of main entry condition name keys only.`)}return o}function Kx(t,e,n){
if(wt.default.noDeprecation)return;let r=(0,F.fileURLToPath)(e);oy.has(r+"|"+t)||(oy.add(r+"|"+t),wt.default.emitWarning(
`Use of deprecated trailing slash pattern mapping "${t}" in the "exports" field module resolution of the package at ${r}${n?
` imported from ${(0,F.fileURLToPath)(n)}`:""}. Mapping specifiers ending in "/" is no longer supported.`,"DeprecationWa\
rning","DEP0155"))}function ay(t,e,n,r,o){let i=n.exports;if(Bx(i,t,r)&&(i={".":i}),ly.call(i,e)&&!e.includes("*")&&!e.endsWith(
"/")){let d=i[e],f=dn(t,d,"",e,r,!1,!1,!1,o);if(f==null)throw dl(e,t,r);return f}let s="",a="",c=Object.getOwnPropertyNames(
i),u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&e.startsWith(d.slice(0,f))){e.endsWith("/")&&Kx(e,t,r);
let p=d.slice(f+1);e.length>=d.length&&e.endsWith(p)&&fy(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=e.slice(f,e.length-p.length))}}
if(s){let d=i[s],f=dn(t,d,a,s,r,!0,!1,e.endsWith("/"),o);if(f==null)throw dl(e,t,r);return f}throw dl(e,t,r)}function fy(t,e){
let n=t.indexOf("*"),r=e.indexOf("*"),o=n===-1?t.length:n+1,i=r===-1?e.length:r+1;return o>i?-1:i>o||n===-1?1:r===-1||t.
length>e.length?-1:e.length>t.length?1:0}function Hx(t,e,n){if(t==="#"||t.startsWith("#/")||t.endsWith("/")){let i="is n\
ot a valid internal imports specifier name";throw new Xi(t,i,(0,F.fileURLToPath)(e))}let r,o=Gi(e);if(o.exists){r=(0,F.pathToFileURL)(
o.pjsonPath);let i=o.imports;if(i)if(ly.call(i,t)&&!t.includes("*")){let s=dn(r,i[t],"",t,e,!1,!0,!1,n);if(s!=null)return s}else{
let s="",a="",c=Object.getOwnPropertyNames(i),u=-1;for(;++u<c.length;){let d=c[u],f=d.indexOf("*");if(f!==-1&&t.startsWith(
d.slice(0,-1))){let p=d.slice(f+1);t.length>=d.length&&t.endsWith(p)&&fy(s,d)===1&&d.lastIndexOf("*")===f&&(s=d,a=t.slice(
f,t.length-p.length))}}if(s){let d=i[s],f=dn(r,d,a,s,e,!0,!0,!1,n);if(f!=null)return f}}}throw Dx(t,r,e)}function Yx(t,e){
let n=t.indexOf("/"),r=!0,o=!1;t[0]==="@"&&(o=!0,n===-1||t.length===0?r=!1:n=t.indexOf("/",n+1));let i=n===-1?t:t.slice(
0,n);if(Px.exec(i)!==null&&(r=!1),!r)throw new Xi(t,"is not a valid package name",(0,F.fileURLToPath)(e));let s="."+(n===
-1?"":t.slice(n));return{packageName:i,packageSubpath:s,isScoped:o}}function dy(t,e,n){if(zi.builtinModules.includes(t))
return new URL("node:"+t);let{packageName:r,packageSubpath:o,isScoped:i}=Yx(t,e),s=Gi(e);if(s.exists){let d=(0,F.pathToFileURL)(
s.pjsonPath);if(s.name===r&&s.exports!==void 0&&s.exports!==null)return ay(d,o,s,e,n)}let a=new URL("./node_modules/"+r+
"/package.json",e),c=(0,F.fileURLToPath)(a),u;do{let d=uy(c.slice(0,-13));if(!d||!d.isDirectory()){u=c,a=new URL((i?"../\
../../../node_modules/":"../../../node_modules/")+r+"/package.json",a),c=(0,F.fileURLToPath)(a);continue}let f=il(c,{base:e,
specifier:t});return f.exports!==void 0&&f.exports!==null?ay(a,o,f,e,n):o==="."?Mx(a,f,e):new URL(o,a)}while(c.length!==
u.length);throw new ml(r,(0,F.fileURLToPath)(e),!1)}function Wx(t){return t[0]==="."&&(t.length===1||t[1]==="/"||t[1]===
"."&&(t.length===2||t[2]==="/"))}function yl(t){return t===""?!1:t[0]==="/"?!0:Wx(t)}function gl(t,e,n,r){n===void 0&&(n=
ll());let o=e.protocol,s=o==="data:"||o==="http:"||o==="https:",a;if(yl(t))try{a=new URL(t,e)}catch(c){let u=new ty(t,e);
throw u.cause=c,u}else if(o==="file:"&&t[0]==="#")a=Hx(t,e,n);else try{a=new URL(t)}catch(c){if(s&&!zi.builtinModules.includes(
t)){let u=new ty(t,e);throw u.cause=c,u}a=dy(t,e,n)}return pl.default.ok(a!==void 0,"expected to be defined"),a.protocol!==
"file:"?a:jx(a,e,r)}function Gx(t,e,n){if(n){let r=n.protocol;if(r==="http:"||r==="https:"){if(yl(t)){let o=e?.protocol;
if(o&&o!=="https:"&&o!=="http:")throw new ul(t,n,"remote imports cannot import from a local location.");return{url:e?.href||
""}}throw zi.builtinModules.includes(t)?new ul(t,n,"remote imports cannot import from a local location."):new ul(t,n,"on\
ly relative and absolute specifiers are supported.")}}}function Jx(t){return!!(t&&typeof t=="object"&&"href"in t&&typeof t.
href=="string"&&"protocol"in t&&typeof t.protocol=="string"&&t.href&&t.protocol)}function Vx(t){if(t!==void 0&&typeof t!=
"string"&&!Jx(t))throw new Z.ERR_INVALID_ARG_TYPE("parentURL",["string","URL"],t)}function py(t,e={}){let{parentURL:n}=e;
pl.default.ok(n!==void 0,"expected `parentURL` to be defined"),Vx(n);let r;if(n)try{r=new URL(n)}catch{}let o,i;try{if(o=
yl(t)?new URL(t,r):new URL(t),i=o.protocol,i==="data:")return{url:o.href,format:null}}catch{}let s=Gx(t,o,r);if(s)return s;
if(i===void 0&&o&&(i=o.protocol),i==="node:")return{url:t};if(o&&o.protocol==="node:")return{url:t};let a=ll(e.conditions),
c=gl(t,new URL(n),a,!1);return{url:c.href,format:cl(c,{parentURL:n})}}var pl,Rr,wt,F,hl,zi,Ji,ul,Xi,cy,Rx,ml,Cx,Ix,Nx,ty,
ly,ny,ry,Px,Vi,$x,oy,Lx,wl=x(()=>{l();pl=Q(require("node:assert"),1),Rr=require("node:fs"),wt=Q(require("node:process"),1),
F=require("node:url"),hl=Q(require("node:path"),1),zi=require("node:module");Qm();Or();al();ey();Ji=RegExp.prototype[Symbol.
replace],{ERR_NETWORK_IMPORT_DISALLOWED:ul,ERR_INVALID_MODULE_SPECIFIER:Xi,ERR_INVALID_PACKAGE_CONFIG:cy,ERR_INVALID_PACKAGE_TARGET:Rx,
ERR_MODULE_NOT_FOUND:ml,ERR_PACKAGE_IMPORT_NOT_DEFINED:Cx,ERR_PACKAGE_PATH_NOT_EXPORTED:Ix,ERR_UNSUPPORTED_DIR_IMPORT:Nx,
ERR_UNSUPPORTED_RESOLVE_REQUEST:ty}=Z,ly={}.hasOwnProperty,ny=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))?(\\|\/|$)/i,
ry=/(^|\\|\/)((\.|%2e)(\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))(\\|\/|$)/i,
Px=/^\.|%|\\/,Vi=/\*/g,$x=/%2f|%5c/i,oy=new Set,Lx=/[/\\]{2}/});var hy={};In(hy,{moduleResolve:()=>gl,resolve:()=>zx});function zx(t,e){if(!e)throw new Error("Please pass `parent`: `im\
port-meta-resolve` cannot ponyfill that");try{return py(t,{parentURL:e}).url}catch(n){let r=n;if((r.code==="ERR_UNSUPPOR\
TED_DIR_IMPORT"||r.code==="ERR_MODULE_NOT_FOUND")&&typeof r.url=="string")return r.url;throw n}}var my=x(()=>{l();wl();wl()});function by(t){let e={isConnected:!1,headersAt:V()},n=()=>{e.isConnected=!0},r=o=>o.connecting?o.once("connect",n):n();return t.
socket===null?t.once("socket",r):r(t.socket),t.once("response",()=>{e.headersAt=V()}),e}function Zi(t){return t===void 0?
0:Math.floor((V()-t.headersAt)/1e3)*1e3}var bl=x(()=>{"use strict";l();rt()});function es(t){let{getCACertificates:e}=Sl,n=e?.("default")??[...Sl.rootCertificates,...nv()],r=process.versions.bun===void 0?
[]:e?.("system")??[];return[...n,...r,t]}function nv(){try{return[(0,Sy.readFileSync)(process.env.NODE_EXTRA_CA_CERTS??"",
"utf8")]}catch{return[]}}var Sy,Sl,kl=x(()=>{"use strict";l();Sy=require("node:fs"),Sl=Q(require("node:tls"))});function Lt(t){let e=t!==void 0&&rv.test(t)?Date.parse(t):NaN;return Number.isNaN(e)?void 0:e}var rv,ts=x(()=>{"use stri\
ct";l();rv=/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/});function El(t){return[t.headers,t.json,t.form].flatMap(e=>Object.values(e??{}).filter(n=>n instanceof $))}function Ir(t){
let e=El(t).flatMap(sv),n=r=>Ze(oo(r,e));return r=>{if(!(typeof r!="string"||r.trim()===""))return n(Et(n(iv(r)))).slice(
0,ov)||void 0}}function iv(t){if(t.length<=ky)return t;let e=t.slice(0,ky);return e.slice(0,Math.max(0,e.search(/\s\S*$/)))}
function sv(t){let e=t.reveal(),n=e.replace(/^Bearer /,""),r=[new URLSearchParams({"":n}).toString().slice(1),encodeURIComponent(
n),JSON.stringify(n).slice(1,-1),Buffer.from(n).toString("base64").replace(/=+$/,"")];return[e,n,...r].map(o=>new $(o))}
var ky,ov,Al=x(()=>{"use strict";l();H();ky=4096,ov=500});function av({host:t,port:e}){return`${(0,os.isIPv6)(t??"")?`[${t}]`:t}:${e}`}function cv(t,{proxy:e,ca:n,signal:r,timeoutMs:o}){
let i=AbortSignal.timeout(o),s=e.hostname.replace(/^\[(.*)\]$/,"$1"),a={servername:(0,os.isIP)(s)?"":s,rejectUnauthorized:!0,
...n&&{ca:[...n]}},c={method:"CONNECT",host:s,port:e.port,path:t,agent:!1,headers:{host:t,...lv(e)},signal:AbortSignal.any(
[r,i]),...a};return new Promise((u,d)=>{let f=e.protocol==="https:"?(0,rs.request)(c):(0,Ey.request)(c);f.on("connect",({
statusCode:p=0},g)=>{if(p===200)return u(g);g.destroy(),d(new mn(p>=500?Tl:"EPROXYREFUSED",p))}),f.on("error",({code:p="\
unknown error"})=>{d(new mn(i.aborted?"ETIMEDOUT":p))}),f.end()})}function lv({username:t,password:e}){return t===""&&e===
""?{}:{"proxy-authorization":`Basic ${Buffer.from(`${decodeURIComponent(t)}:${decodeURIComponent(e)}`).toString("base64")}`}}
var Ey,rs,os,Tl,mn,ns,is=x(()=>{"use strict";l();Ey=require("node:http"),rs=require("node:https"),os=require("node:net"),
Tl="EPROXYFAILED",mn=class extends Error{constructor(n,r){super("the proxy would not connect");this.code=n;this.status=r}},
ns=class extends rs.Agent{#e;constructor(e){super({keepAlive:!1}),this.#e=e}createConnection(e,n){let r=o=>super.createConnection(
{...e,socket:o});cv(av(e),this.#e).then(r).then(o=>n?.(null,o),o=>n?.(o,void 0))}}});function Mt(t){let{host:e,pathname:n}=new URL(t.url);return`${t.method} ${e}${n}`}function Ay(t,e,n){let{response:r,cause:o}=t,
i=(t.request?.retryCount??0)+1,s=i>1?` after ${i} attempts`:"";if(r!==void 0&&r.statusCode>=400)return hv(s,e,mv(r,e,Zi(
n.attempt)));if(n.outOfTime||t.name==="TimeoutError")return fv(s,e,n);if(o instanceof mn)return pv(o,e,s);let a=Ty(t.code??
"unknown error");return new q(b`${Mt(e)} failed${s}: ${xy(a)} (${a}).`,uv(a,n))}function Ty(t){return t.startsWith("ERR_\
SSL_")?"EPROTO":t}function uv(t,{attempt:e}){return e?.isConnected!==!0?"unreachable":t==="EPROTO"||t.startsWith("HPE_")?
"reply":"cut"}function fv(t,e,{outOfTime:n,attempt:r}){let o=Mt(e);if(r?.isConnected!==!0)return new q(b`${o} failed${t}: no connection in time (ETIMEDOUT). Check the network and any proxy, or raise ${T(
"timeout")}.`,"unreachable");let i=n?"did not end within the time allowed":"did not answer in time";return new q(b`${o} ${i}${t}. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}function xy(t){let e=_y[t]??dv[t];return e!==void 0?e:/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO/.
test(t)?b`its certificate is not trusted. If a proxy or a private installation has an authority of its own, name its file in ${T(
"caFile")} or NODE_EXTRA_CA_CERTS`:"no usable answer"}function pv({code:t,status:e},n,r){let o=Ty(t),i=e===407?"it wants\
 a user and a password: write them into HTTPS_PROXY as http://user:password@host:port":"check HTTPS_PROXY, or name the h\
ost in NO_PROXY",s=e===void 0?b`: ${xy(o)} (${o})`:` (HTTP ${e})`;return new q(b`${Mt(n)} failed${r}: the proxy would not connect${s}; ${i}.`,
"unreachable")}function hv(t,e,n){let r=[`HTTP ${n.status}`,...n.iamCode===void 0?[]:[`code ${n.iamCode}`],...n.requestId===
void 0?[]:[`request id ${n.requestId}`]],o=n.serviceMessage===void 0?"":`: ${n.serviceMessage.replace(/\.?$/,".")}`,i=o===
""?".":"";return new q(`${Mt(e)} was refused${t} (${r.join(", ")})${o}${i}`,"status",n)}function mv(t,e,n){let r=ce(String(
t.body))??{},o=Ir(e),i=f=>[t.headers[f]].flat()[0],s=o(r.message??r.error_description??r.error),a=o(r.error),c=o(i("x-re\
quest-id")),u=Lt(i("date")),d=typeof r.code=="number"&&typeof r.message=="string";return{status:t.statusCode,...i("metad\
ata-flavor")==="Google"?{isMetadata:!0}:{},...d?{iamCode:r.code}:{},...a===void 0?{}:{oauthError:a},...s===void 0?{}:{serviceMessage:s},
...c===void 0?{}:{requestId:c},...u===void 0?{}:{serverTime:u+n}}}var _y,Oy,dv,_l=x(()=>{"use strict";l();j();xe();D();bl();
ts();Al();is();_y={ECONNREFUSED:"nothing listens there",ECONNRESET:"the connection was cut",ECONNABORTED:"the connection\
 was cut",EPIPE:"the connection was cut",ENOTFOUND:"there is no host of this name",EAI_AGAIN:"the name could not be look\
ed up",ENETUNREACH:"there is no way to this network",ENETDOWN:"this machine's network is down",EHOSTUNREACH:"there is no\
 way to this host",EHOSTDOWN:"this host is down",ETIMEDOUT:"no connection in time",EPROTO:"what answers there does not s\
peak TLS"},Oy=Object.keys(_y).filter(t=>t!=="EPROTO"),dv={CERT_HAS_EXPIRED:"its certificate has expired, or this host's \
clock is wrong",CERT_NOT_YET_VALID:"its certificate is not valid yet, or this host's clock is wrong",ERR_TLS_CERT_ALTNAME_INVALID:"\
its certificate is another host's: the address is wrong, or something answers in its place"}});function vy(t,e,n){if(t.statusCode>=300)throw gv(t,e);let r=Ir(e),o=yv.flatMap(s=>{let a=r(t.headers[s]);return a===void 0?
[]:[[s,a]]}),i=Lt(t.headers.date);return{status:t.statusCode,headers:Object.fromEntries(o),body:new $(t.body),...i===void 0?
{}:{serverTime:i},ageMs:n}}function gv(t,e){let n=wv(t.headers.location??"",e);return new q(b`${Mt(e)} was answered with a redirect to ${n}, which is not followed: a credential goes only where it was meant to go. ${Ry}`,
"reply",{status:t.statusCode,...t.headers["metadata-flavor"]==="Google"?{isMetadata:!0}:{}})}function wv(t,e){if(!URL.canParse(
t,e.url))return"an unknown place";let{host:n}=new URL(t,e.url),r=/^(?:[a-z][-+.\w]*:)?\/\/([^/?#]*)/i.exec(t)?.[1]??"";return r!==
""&&Ir(e)(r)!==r?Qe:El(e).map(s=>s.reveal().toLowerCase()).flatMap(s=>s.split(/[^-\w]+/)).filter(s=>s.length>=16).some(s=>n.
includes(s))?Qe:n}function Cy(t){return new q(b`${Mt(t)} was answered with more than 64 KiB, which is no reply of Yandex Cloud. ${Ry}`,
"reply")}var yv,Ry,Iy=x(()=>{"use strict";l();j();D();H();ts();_l();Al();yv=["content-type","x-request-id","metadata-fla\
vor"];Ry=b`Check ${T("endpoint")}, ${T("iamEndpoint")} and any proxy.`});var Ny={};In(Ny,{getProxyForUrl:()=>kv});function Sv(t){try{return new URL(t)}catch{return null}}function kv(t){var e=(typeof t==
"string"?Sv(t):t)||{},n=e.protocol,r=e.host,o=e.port;if(typeof r!="string"||!r||typeof n!="string"||(n=n.split(":",1)[0],
r=r.replace(/:\d*$/,""),o=parseInt(o)||bv[n]||0,!Ev(r,o)))return"";var i=Ol(n+"_proxy")||Ol("all_proxy");return i&&i.indexOf(
"://")===-1&&(i=n+"://"+i),i}function Ev(t,e){var n=Ol("no_proxy").toLowerCase();return n?n==="*"?!1:n.split(/[,\s]/).every(
function(r){if(!r)return!0;var o=r.match(/^(.+):(\d+)$/),i=o?o[1]:r,s=o?parseInt(o[2]):0;return s&&s!==e?!0:/^[.*]/.test(
i)?(i.charAt(0)==="*"&&(i=i.slice(1)),!t.endsWith(i)):t!==i}):!0}function Ol(t){return process.env[t.toLowerCase()]||process.
env[t.toUpperCase()]||""}var bv,Py=x(()=>{"use strict";l();bv={ftp:21,gopher:70,http:80,https:443,ws:80,wss:443}});function jy(){let t={http:new Ly.Agent($y),https:new My.Agent($y)};return async(e,n)=>{let r=await _v(e);return r===void 0?
t:{...t,https:Rv(r,e,n)}}}async function _v({url:t}){if(!t.startsWith("https:"))return;let e=Av.find(r=>xl(r)!==""&&!Ov(
r));if(e===void 0)return;let{getProxyForUrl:n}=await Promise.resolve().then(()=>(Py(),Ny));return n(t)===""?void 0:xv(e)}
function Ov(t){return/^all_proxy$/i.test(t)&&/^(?!https?:)[a-z][-+.\w]*:\/\//i.test(xl(t))}function xv(t){let e=xl(t),n=e.
includes("://")?e:`http://${e}`,r=URL.canParse(n)?new URL(n):void 0;if(r!==void 0&&/^https?:$/.test(r.protocol)&&r.hostname!==
""&&vv(r))return r;throw new N(`${t} is not the address of a proxy that can be used here: write http://host:port or http\
s://host:port; in a user or password, write % as %25.`,t)}function vv({username:t,password:e}){try{return decodeURIComponent(
t+e),!0}catch{return!1}}function Rv(t,{ca:e},n){let r=e===void 0?{}:{ca:es(e)};return new ns({proxy:t,signal:n,timeoutMs:Tv,
...r})}var Ly,My,Av,Tv,$y,xl,Dy=x(()=>{"use strict";l();Ly=require("node:http"),My=require("node:https");j();kl();is();Av=
["https_proxy","HTTPS_PROXY","all_proxy","ALL_PROXY"],Tv=1e4,$y={keepAlive:!0,scheduling:"lifo",timeout:5e3};xl=t=>(process.
env[t]??"").trim()});function qy(t,e){let[n,r]=[t["retry-after"],t.date].map(i=>[i].flat()[0]?.trim());if(n!==void 0&&/^\d{1,12}$/.test(n))return Number(
n)*1e3;let o=Lt(n);return o===void 0?void 0:Math.max(0,o-(Lt(r)??e()))}var Uy=x(()=>{"use strict";l();ts()});function Fy(t){return Object.keys(t)}var By=x(()=>{l()});function Cv(t){return Yy.includes(t)}function Iv(t){return Wy.includes(t)}function Nv(t){return Gy.includes(t)}function Ky(t){
if(t===null)return"null";switch(typeof t){case"undefined":return"undefined";case"string":return"string";case"number":return Number.
isNaN(t)?"NaN":"number";case"boolean":return"boolean";case"function":return"Function";case"bigint":return"bigint";case"s\
ymbol":return"symbol";default:}if(cs(t))return"Observable";if(Ye(t))return"Array";if(yn(t))return"Buffer";let e=B(t);if(e&&
e!=="Object")return e;if(Jy(t))return"Promise";if(t instanceof String||t instanceof Boolean||t instanceof Number)throw new TypeError(
"Please don't use object wrappers for primitive types");return"Object"}function Jy(t){return re(t?.then)&&re(t?.catch)}function Vy(t){
return e=>$l(e)&&Math.abs(e%2)===t}function zy(t,e){if(t.length===0){if(!e)throw new TypeError("Invalid predicate array");
return}for(let n of t)if(!re(n))throw new TypeError(`Invalid predicate: ${JSON.stringify(n)}`)}function Xy(t,...e){if(Array.
isArray(t)){let n=t;zy(n,e.length===0);let r=o=>n.every(i=>i(o));return e.length===0?r:ss(Array.prototype.every,r,e)}return ss(
Array.prototype.every,t,e)}function Rl(t,...e){if(Array.isArray(t)){let n=t;zy(n,e.length===0);let r=o=>n.some(i=>i(o));
return e.length===0?r:ss(Array.prototype.some,r,e)}return ss(Array.prototype.some,t,e)}function Pv(t,e){return Pr(t)||e(
t)}function Ye(t,e){return Array.isArray(t)?re(e)?t.every(n=>e(n)):!0:!1}function Qy(t){return B(t)==="ArrayBuffer"}function Zy(t){
return!Dl(t)&&!re(t)&&Bl(t.length)}function eg(t){return B(t)==="AsyncFunction"}function tg(t){return Cl(t)&&re(t.next)&&
re(t.throw)}function ng(t){return B(t)==="AsyncGeneratorFunction"}function Cl(t){return re(t?.[Symbol.asyncIterator])}function rg(t){
return typeof t=="bigint"}function og(t){return B(t)==="BigInt64Array"}function ig(t){return B(t)==="BigUint64Array"}function sg(t){
return B(t)==="Blob"}function ag(t){return t===!0||t===!1}function cg(t){return re(t)&&!Object.hasOwn(t,"prototype")}function yn(t){
return t?.constructor?.isBuffer?.(t)??!1}function lg(t){return re(t)&&/^class(\s+|{)/.test(t.toString())}function ug(t){
return B(t)==="DataView"}function Il(t){return B(t)==="Date"}function fg(t,e){return t==null?!1:Object.getPrototypeOf(t)===
e.prototype}function dg(t){return Ye(t)&&t.length===0}function pg(t){return gn(t)&&t.size===0}function hg(t){return bn(t)&&
!gn(t)&&!Sn(t)&&Object.keys(t).length===0}function mg(t){return Sn(t)&&t.size===0}function Nl(t){return je(t)&&t.length===
0}function as(t){return Nl(t)||Kl(t)}function yg(t,e){return Object.values(e).includes(t)}function gg(t){return B(t)==="\
Error"}function wg(t){return Vy(0)(t)}function bg(t){return!t}function Sg(t){return B(t)==="Float32Array"}function kg(t){
return B(t)==="Float64Array"}function Eg(t){return B(t)==="FormData"}function re(t){return typeof t=="function"}function Ag(t){
return Ll(t)&&re(t?.next)&&re(t?.throw)}function Tg(t){return B(t)==="GeneratorFunction"}function Pl(t){return bn(t)&&t.
nodeType===$v&&je(t.nodeName)&&!ql(t)&&Lv.every(e=>e in t)}function _g(t){return t===Number.POSITIVE_INFINITY||t===Number.
NEGATIVE_INFINITY}function Og(t,e){if(wn(e))return t>=Math.min(0,e)&&t<=Math.max(e,0);if(Ye(e)&&e.length===2)return t>=Math.
min(...e)&&t<=Math.max(...e);throw new TypeError(`Invalid range: ${JSON.stringify(e)}`)}function xg(t){return B(t)==="In\
t16Array"}function vg(t){return B(t)==="Int32Array"}function Rg(t){return B(t)==="Int8Array"}function $l(t){return Number.
isInteger(t)}function Ll(t){return re(t?.[Symbol.iterator])}function gn(t){return B(t)==="Map"}function Ml(t){return Number.
isNaN(t)}function jl(t){return B(t)==="Promise"}function Cg(t){return wn(t)&&t<0}function Ig(t){return bn(t)&&re(t.pipe)&&
!cs(t)}function Ng(t){return Ye(t)&&t.length>0}function Pg(t){return gn(t)&&t.size>0}function $g(t){return bn(t)&&!gn(t)&&
!Sn(t)&&Object.keys(t).length>0}function Lg(t){return Sn(t)&&t.size>0}function Mg(t){return je(t)&&t.length>0}function jg(t){
return je(t)&&!as(t)}function Nr(t){return t===null}function Dl(t){return Nr(t)||Pr(t)}function wn(t){return typeof t=="\
number"&&!Number.isNaN(t)}function Dg(t){return je(t)&&!as(t)&&!Number.isNaN(Number(t))}function bn(t){return!Nr(t)&&(typeof t==
"object"||re(t))}function cs(t){return t?Symbol.observable!==void 0&&t===t[Symbol.observable]?.()||t===t["@@observable"]?.():
!1}function qg(t){return Vy(1)(t)}function ql(t){if(typeof t!="object"||t===null)return!1;let e=Object.getPrototypeOf(t);
return(e===null||e===Object.prototype||Object.getPrototypeOf(e)===null)&&!(Symbol.toStringTag in t)&&!(Symbol.iterator in
t)}function Ug(t){return wn(t)&&t>0}function Fg(t){return Nr(t)||Nv(typeof t)}function Bg(t){return jl(t)||Jy(t)}function Kg(t){
return Rl([je,wn,Fl],t)}function Hg(t){return B(t)==="RegExp"}function Ul(t){return Number.isSafeInteger(t)}function Sn(t){
return B(t)==="Set"}function Yg(t){return B(t)==="SharedArrayBuffer"}function je(t){return typeof t=="string"}function Fl(t){
return typeof t=="symbol"}function Wg(t){return!!t}function Gg(t,e){return Ye(e)&&Ye(t)&&e.length===t.length?e.every((n,r)=>n(
t[r])):!1}function Jg(t){return Cv(B(t))}function Vg(t){return B(t)==="Uint16Array"}function zg(t){return B(t)==="Uint32\
Array"}function Xg(t){return B(t)==="Uint8Array"}function Qg(t){return B(t)==="Uint8ClampedArray"}function Pr(t){return t===
void 0}function Zg(t){return B(t)==="URL"}function ew(t){return B(t)==="URLSearchParams"}function tw(t){if(!je(t))return!1;
try{return new URL(t),!0}catch{return!1}}function nw(t){return Il(t)&&!Ml(Number(t))}function Bl(t){return Ul(t)&&t>=0}function rw(t){
return B(t)==="WeakMap"}function ow(t){return B(t)==="WeakRef"}function iw(t){return B(t)==="WeakSet"}function Kl(t){return je(
t)&&/^\s+$/.test(t)}function ss(t,e,n){if(!re(e))throw new TypeError(`Invalid predicate: ${JSON.stringify(e)}`);if(n.length===
0)throw new TypeError("Invalid number of values");return t.call(n,e)}function E(t,e){return`Expected value which is \`${t}\
\`, received value of type \`${vl(e)}\`.`}function Hy(t){return Array.from(new Set(t))}function sw(t,e){let n=Hy((Ye(t)?
t:[t]).map(o=>`\`${o}\``)),r=Hy(e.map(o=>`\`${vl(o)}\``));return`Expected values which are ${jv.format(n)}. Received val\
ues of type${r.length>1?"s":""} ${Mv.format(r)}.`}function aw(t){return Dv.includes(t)}function qv(t,...e){if(e.length===
0)throw new TypeError("Invalid number of values");if(!Xy(t,...e)){let n=t,r=!Array.isArray(t)&&aw(n.name)?Hl[n.name]:"pr\
edicate returns truthy for all values";throw new TypeError(sw(r,e))}}function Uv(t,...e){if(e.length===0)throw new TypeError(
"Invalid number of values");if(!Rl(t,...e)){let r=(Array.isArray(t)?t:[t]).map(o=>aw(o.name)?Hl[o.name]:"predicate retur\
ns truthy for any value");throw new TypeError(sw(r,e))}}function Fv(t,e,n){Pr(t)||e(t,n)}function Bv(t,e,n){if(!Ye(t))throw new TypeError(
n??E("Array",t));if(e)for(let r of t)e(r,n)}function Kv(t,e){if(!Qy(t))throw new TypeError(e??E("ArrayBuffer",t))}function Hv(t,e){
if(!Zy(t))throw new TypeError(e??E("array-like",t))}function Yv(t,e){if(!eg(t))throw new TypeError(e??E("AsyncFunction",
t))}function Wv(t,e){if(!tg(t))throw new TypeError(e??E("AsyncGenerator",t))}function Gv(t,e){if(!ng(t))throw new TypeError(
e??E("AsyncGeneratorFunction",t))}function Jv(t,e){if(!Cl(t))throw new TypeError(e??E("AsyncIterable",t))}function Vv(t,e){
if(!rg(t))throw new TypeError(e??E("bigint",t))}function zv(t,e){if(!og(t))throw new TypeError(e??E("BigInt64Array",t))}
function Xv(t,e){if(!ig(t))throw new TypeError(e??E("BigUint64Array",t))}function Qv(t,e){if(!sg(t))throw new TypeError(
e??E("Blob",t))}function Zv(t,e){if(!ag(t))throw new TypeError(e??E("boolean",t))}function eR(t,e){if(!cg(t))throw new TypeError(
e??E("Function",t))}function tR(t,e){if(!yn(t))throw new TypeError(e??E("Buffer",t))}function nR(t,e){if(!lg(t))throw new TypeError(
e??E("Class",t))}function rR(t,e){if(!ug(t))throw new TypeError(e??E("DataView",t))}function oR(t,e){if(!Il(t))throw new TypeError(
e??E("Date",t))}function iR(t,e,n){if(!fg(t,e))throw new TypeError(n??E("T",t))}function sR(t,e){if(!dg(t))throw new TypeError(
e??E("empty array",t))}function aR(t,e){if(!pg(t))throw new TypeError(e??E("empty map",t))}function cR(t,e){if(!hg(t))throw new TypeError(
e??E("empty object",t))}function lR(t,e){if(!mg(t))throw new TypeError(e??E("empty set",t))}function uR(t,e){if(!Nl(t))throw new TypeError(
e??E("empty string",t))}function fR(t,e){if(!as(t))throw new TypeError(e??E("empty string or whitespace",t))}function dR(t,e,n){
if(!yg(t,e))throw new TypeError(n??E("EnumCase",t))}function pR(t,e){if(!gg(t))throw new TypeError(e??E("Error",t))}function hR(t,e){
if(!wg(t))throw new TypeError(e??E("even integer",t))}function mR(t,e){if(!bg(t))throw new TypeError(e??E("falsy",t))}function yR(t,e){
if(!Sg(t))throw new TypeError(e??E("Float32Array",t))}function gR(t,e){if(!kg(t))throw new TypeError(e??E("Float64Array",
t))}function wR(t,e){if(!Eg(t))throw new TypeError(e??E("FormData",t))}function bR(t,e){if(!re(t))throw new TypeError(e??
E("Function",t))}function SR(t,e){if(!Ag(t))throw new TypeError(e??E("Generator",t))}function kR(t,e){if(!Tg(t))throw new TypeError(
e??E("GeneratorFunction",t))}function ER(t,e){if(!Pl(t))throw new TypeError(e??E("HTMLElement",t))}function AR(t,e){if(!_g(
t))throw new TypeError(e??E("infinite number",t))}function TR(t,e,n){if(!Og(t,e))throw new TypeError(n??E("in range",t))}
function _R(t,e){if(!xg(t))throw new TypeError(e??E("Int16Array",t))}function OR(t,e){if(!vg(t))throw new TypeError(e??E(
"Int32Array",t))}function xR(t,e){if(!Rg(t))throw new TypeError(e??E("Int8Array",t))}function vR(t,e){if(!$l(t))throw new TypeError(
e??E("integer",t))}function RR(t,e){if(!Ll(t))throw new TypeError(e??E("Iterable",t))}function CR(t,e){if(!gn(t))throw new TypeError(
e??E("Map",t))}function IR(t,e){if(!Ml(t))throw new TypeError(e??E("NaN",t))}function NR(t,e){if(!jl(t))throw new TypeError(
e??E("native Promise",t))}function PR(t,e){if(!Cg(t))throw new TypeError(e??E("negative number",t))}function $R(t,e){if(!Ig(
t))throw new TypeError(e??E("Node.js Stream",t))}function LR(t,e){if(!Ng(t))throw new TypeError(e??E("non-empty array",t))}
function MR(t,e){if(!Pg(t))throw new TypeError(e??E("non-empty map",t))}function jR(t,e){if(!$g(t))throw new TypeError(e??
E("non-empty object",t))}function DR(t,e){if(!Lg(t))throw new TypeError(e??E("non-empty set",t))}function qR(t,e){if(!Mg(
t))throw new TypeError(e??E("non-empty string",t))}function UR(t,e){if(!jg(t))throw new TypeError(e??E("non-empty string\
 and not whitespace",t))}function FR(t,e){if(!Nr(t))throw new TypeError(e??E("null",t))}function BR(t,e){if(!Dl(t))throw new TypeError(
e??E("null or undefined",t))}function KR(t,e){if(!wn(t))throw new TypeError(e??E("number",t))}function HR(t,e){if(!Dg(t))
throw new TypeError(e??E("string with a number",t))}function YR(t,e){if(!bn(t))throw new TypeError(e??E("Object",t))}function WR(t,e){
if(!cs(t))throw new TypeError(e??E("Observable",t))}function GR(t,e){if(!qg(t))throw new TypeError(e??E("odd integer",t))}
function JR(t,e){if(!ql(t))throw new TypeError(e??E("plain object",t))}function VR(t,e){if(!Ug(t))throw new TypeError(e??
E("positive number",t))}function zR(t,e){if(!Fg(t))throw new TypeError(e??E("primitive",t))}function XR(t,e){if(!Bg(t))throw new TypeError(
e??E("Promise",t))}function QR(t,e){if(!Kg(t))throw new TypeError(e??E("PropertyKey",t))}function ZR(t,e){if(!Hg(t))throw new TypeError(
e??E("RegExp",t))}function eC(t,e){if(!Ul(t))throw new TypeError(e??E("integer",t))}function tC(t,e){if(!Sn(t))throw new TypeError(
e??E("Set",t))}function nC(t,e){if(!Yg(t))throw new TypeError(e??E("SharedArrayBuffer",t))}function rC(t,e){if(!je(t))throw new TypeError(
e??E("string",t))}function oC(t,e){if(!Fl(t))throw new TypeError(e??E("symbol",t))}function iC(t,e){if(!Wg(t))throw new TypeError(
e??E("truthy",t))}function sC(t,e,n){if(!Gg(t,e))throw new TypeError(n??E("tuple-like",t))}function aC(t,e){if(!Jg(t))throw new TypeError(
e??E("TypedArray",t))}function cC(t,e){if(!Vg(t))throw new TypeError(e??E("Uint16Array",t))}function lC(t,e){if(!zg(t))throw new TypeError(
e??E("Uint32Array",t))}function uC(t,e){if(!Xg(t))throw new TypeError(e??E("Uint8Array",t))}function fC(t,e){if(!Qg(t))throw new TypeError(
e??E("Uint8ClampedArray",t))}function dC(t,e){if(!Pr(t))throw new TypeError(e??E("undefined",t))}function pC(t,e){if(!Zg(
t))throw new TypeError(e??E("URL",t))}function hC(t,e){if(!ew(t))throw new TypeError(e??E("URLSearchParams",t))}function mC(t,e){
if(!tw(t))throw new TypeError(e??E("string with a URL",t))}function yC(t,e){if(!nw(t))throw new TypeError(e??E("valid Da\
te",t))}function gC(t,e){if(!Bl(t))throw new TypeError(e??E("valid length",t))}function wC(t,e){if(!rw(t))throw new TypeError(
e??E("WeakMap",t))}function bC(t,e){if(!ow(t))throw new TypeError(e??E("WeakRef",t))}function SC(t,e){if(!iw(t))throw new TypeError(
e??E("WeakSet",t))}function kC(t,e){if(!Kl(t))throw new TypeError(e??E("whitespace string",t))}var Yy,Wy,Gy,gF,B,vl,$v,Lv,
Mv,jv,M,Hl,Dv,h,We=x(()=>{l();By();Yy=["Int8Array","Uint8Array","Uint8ClampedArray","Int16Array","Uint16Array","Int32Arr\
ay","Uint32Array","Float32Array","Float64Array","BigInt64Array","BigUint64Array"];Wy=["Function","Generator","AsyncGener\
ator","GeneratorFunction","AsyncGeneratorFunction","AsyncFunction","Observable","Array","Buffer","Blob","Object","RegExp",
"Date","Error","Map","Set","WeakMap","WeakSet","WeakRef","ArrayBuffer","SharedArrayBuffer","DataView","Promise","URL","F\
ormData","URLSearchParams","HTMLElement","NaN",...Yy];Gy=["null","undefined","string","number","bigint","boolean","symbo\
l"];gF=["positive number","negative number","Class","string with a number","null or undefined","Iterable","AsyncIterable",
"native Promise","EnumCase","string with a URL","truthy","falsy","primitive","integer","plain object","TypedArray","arra\
y-like","tuple-like","Node.js Stream","infinite number","empty array","non-empty array","empty string","empty string or \
whitespace","non-empty string","non-empty string and not whitespace","empty object","non-empty object","empty set","non-\
empty set","empty map","non-empty map","PropertyKey","even integer","odd integer","T","in range","predicate returns trut\
hy for any value","predicate returns truthy for all values","valid Date","valid length","whitespace string",...Wy,...Gy],
B=t=>{let e=Object.prototype.toString.call(t).slice(8,-1);if(/HTML\w+Element/.test(e)&&Pl(t))return"HTMLElement";if(Iv(e))
return e};vl=Object.assign(Ky,{all:Xy,any:Rl,array:Ye,arrayBuffer:Qy,arrayLike:Zy,asyncFunction:eg,asyncGenerator:tg,asyncGeneratorFunction:ng,
asyncIterable:Cl,bigint:rg,bigInt64Array:og,bigUint64Array:ig,blob:sg,boolean:ag,boundFunction:cg,buffer:yn,class:lg,dataView:ug,
date:Il,detect:Ky,directInstanceOf:fg,emptyArray:dg,emptyMap:pg,emptyObject:hg,emptySet:mg,emptyString:Nl,emptyStringOrWhitespace:as,
enumCase:yg,error:gg,evenInteger:wg,falsy:bg,float32Array:Sg,float64Array:kg,formData:Eg,function:re,generator:Ag,generatorFunction:Tg,
htmlElement:Pl,infinite:_g,inRange:Og,int16Array:xg,int32Array:vg,int8Array:Rg,integer:$l,iterable:Ll,map:gn,nan:Ml,nativePromise:jl,
negativeNumber:Cg,nodeStream:Ig,nonEmptyArray:Ng,nonEmptyMap:Pg,nonEmptyObject:$g,nonEmptySet:Lg,nonEmptyString:Mg,nonEmptyStringAndNotWhitespace:jg,
null:Nr,nullOrUndefined:Dl,number:wn,numericString:Dg,object:bn,observable:cs,oddInteger:qg,plainObject:ql,positiveNumber:Ug,
primitive:Fg,promise:Bg,propertyKey:Kg,regExp:Hg,safeInteger:Ul,set:Sn,sharedArrayBuffer:Yg,string:je,symbol:Fl,truthy:Wg,
tupleLike:Gg,typedArray:Jg,uint16Array:Vg,uint32Array:zg,uint8Array:Xg,uint8ClampedArray:Qg,undefined:Pr,urlInstance:Zg,
urlSearchParams:ew,urlString:tw,optional:Pv,validDate:nw,validLength:Bl,weakMap:rw,weakRef:ow,weakSet:iw,whitespaceString:Kl});
$v=1,Lv=["innerHTML","ownerDocument","style","attributes","nodeValue"];Mv=new m("en",{style:"long",type:"conjunction"}),
jv=new m("en",{style:"long",type:"disjunction"});M={all:qv,any:Uv,optional:Fv,array:Bv,arrayBuffer:Kv,arrayLike:Hv,asyncFunction:Yv,
asyncGenerator:Wv,asyncGeneratorFunction:Gv,asyncIterable:Jv,bigint:Vv,bigInt64Array:zv,bigUint64Array:Xv,blob:Qv,boolean:Zv,
boundFunction:eR,buffer:tR,class:nR,dataView:rR,date:oR,directInstanceOf:iR,emptyArray:sR,emptyMap:aR,emptyObject:cR,emptySet:lR,
emptyString:uR,emptyStringOrWhitespace:fR,enumCase:dR,error:pR,evenInteger:hR,falsy:mR,float32Array:yR,float64Array:gR,formData:wR,
function:bR,generator:SR,generatorFunction:kR,htmlElement:ER,infinite:AR,inRange:TR,int16Array:_R,int32Array:OR,int8Array:xR,
integer:vR,iterable:RR,map:CR,nan:IR,nativePromise:NR,negativeNumber:PR,nodeStream:$R,nonEmptyArray:LR,nonEmptyMap:MR,nonEmptyObject:jR,
nonEmptySet:DR,nonEmptyString:qR,nonEmptyStringAndNotWhitespace:UR,null:FR,nullOrUndefined:BR,number:KR,numericString:HR,
object:YR,observable:WR,oddInteger:GR,plainObject:JR,positiveNumber:VR,primitive:zR,promise:XR,propertyKey:QR,regExp:ZR,
safeInteger:eC,set:tC,sharedArrayBuffer:nC,string:rC,symbol:oC,truthy:iC,tupleLike:sC,typedArray:aC,uint16Array:cC,uint32Array:lC,
uint8Array:uC,uint8ClampedArray:fC,undefined:dC,urlInstance:pC,urlSearchParams:hC,urlString:mC,validDate:yC,validLength:gC,
weakMap:wC,weakRef:bC,weakSet:SC,whitespaceString:kC},Hl={isArray:"Array",isArrayBuffer:"ArrayBuffer",isArrayLike:"array\
-like",isAsyncFunction:"AsyncFunction",isAsyncGenerator:"AsyncGenerator",isAsyncGeneratorFunction:"AsyncGeneratorFunctio\
n",isAsyncIterable:"AsyncIterable",isBigint:"bigint",isBigInt64Array:"BigInt64Array",isBigUint64Array:"BigUint64Array",isBlob:"\
Blob",isBoolean:"boolean",isBoundFunction:"Function",isBuffer:"Buffer",isClass:"Class",isDataView:"DataView",isDate:"Dat\
e",isDirectInstanceOf:"T",isEmptyArray:"empty array",isEmptyMap:"empty map",isEmptyObject:"empty object",isEmptySet:"emp\
ty set",isEmptyString:"empty string",isEmptyStringOrWhitespace:"empty string or whitespace",isEnumCase:"EnumCase",isError:"\
Error",isEvenInteger:"even integer",isFalsy:"falsy",isFloat32Array:"Float32Array",isFloat64Array:"Float64Array",isFormData:"\
FormData",isFunction:"Function",isGenerator:"Generator",isGeneratorFunction:"GeneratorFunction",isHtmlElement:"HTMLEleme\
nt",isInfinite:"infinite number",isInRange:"in range",isInt16Array:"Int16Array",isInt32Array:"Int32Array",isInt8Array:"I\
nt8Array",isInteger:"integer",isIterable:"Iterable",isMap:"Map",isNan:"NaN",isNativePromise:"native Promise",isNegativeNumber:"\
negative number",isNodeStream:"Node.js Stream",isNonEmptyArray:"non-empty array",isNonEmptyMap:"non-empty map",isNonEmptyObject:"\
non-empty object",isNonEmptySet:"non-empty set",isNonEmptyString:"non-empty string",isNonEmptyStringAndNotWhitespace:"no\
n-empty string and not whitespace",isNull:"null",isNullOrUndefined:"null or undefined",isNumber:"number",isNumericString:"\
string with a number",isObject:"Object",isObservable:"Observable",isOddInteger:"odd integer",isPlainObject:"plain object",
isPositiveNumber:"positive number",isPrimitive:"primitive",isPromise:"Promise",isPropertyKey:"PropertyKey",isRegExp:"Reg\
Exp",isSafeInteger:"integer",isSet:"Set",isSharedArrayBuffer:"SharedArrayBuffer",isString:"string",isSymbol:"symbol",isTruthy:"\
truthy",isTupleLike:"tuple-like",isTypedArray:"TypedArray",isUint16Array:"Uint16Array",isUint32Array:"Uint32Array",isUint8Array:"\
Uint8Array",isUint8ClampedArray:"Uint8ClampedArray",isUndefined:"undefined",isUrlInstance:"URL",isUrlSearchParams:"URLSe\
archParams",isUrlString:"string with a URL",isValidDate:"valid Date",isValidLength:"valid length",isWeakMap:"WeakMap",isWeakRef:"\
WeakRef",isWeakSet:"WeakSet",isWhitespaceString:"whitespace string"},Dv=Fy(Hl);h=vl});var Yl,De,kn,cw=x(()=>{l();Yl=class extends Error{constructor(e){super(e||"Promise was canceled"),this.name="CancelError"}get isCanceled(){
return!0}},De=Object.freeze({pending:Symbol("pending"),canceled:Symbol("canceled"),resolved:Symbol("resolved"),rejected:Symbol(
"rejected")}),kn=class t{static fn(e){return(...n)=>new t((r,o,i)=>{n.push(i),e(...n).then(r,o)})}#e=[];#t=!0;#n=De.pending;#r;#o;constructor(e){
this.#r=new Promise((n,r)=>{this.#o=r;let o=a=>{(this.#n!==De.canceled||!s.shouldReject)&&(n(a),this.#i(De.resolved))},i=a=>{
(this.#n!==De.canceled||!s.shouldReject)&&(r(a),this.#i(De.rejected))},s=a=>{if(this.#n!==De.pending)throw new Error(`Th\
e \`onCancel\` handler was attached after the promise ${this.#n.description}.`);this.#e.push(a)};Object.defineProperties(
s,{shouldReject:{get:()=>this.#t,set:a=>{this.#t=a}}}),e(o,i,s)})}then(e,n){return this.#r.then(e,n)}catch(e){return this.#r.
catch(e)}finally(e){return this.#r.finally(e)}cancel(e){if(this.#n===De.pending){if(this.#i(De.canceled),this.#e.length>
0)try{for(let n of this.#e)n()}catch(n){this.#o(n);return}this.#t&&this.#o(new Yl(e))}}get isCanceled(){return this.#n===
De.canceled}#i(e){this.#n===De.pending&&(this.#n=e)}};Object.setPrototypeOf(kn.prototype,Promise.prototype)});function EC(t){return h.object(t)&&"_onResponse"in t}var K,$r,Ge,En,An,Tn,jt,Lr,Mr,_n=x(()=>{l();We();K=class extends Error{name="\
RequestError";code="ERR_GOT_REQUEST_ERROR";input;stack;response;request;timings;constructor(e,n,r){if(super(e,{cause:n}),
Error.captureStackTrace(this,this.constructor),n.code&&(this.code=n.code),this.input=n.input,EC(r)?(Object.defineProperty(
this,"request",{enumerable:!1,value:r}),Object.defineProperty(this,"response",{enumerable:!1,value:r.response}),this.options=
r.options):this.options=r,this.timings=this.request?.timings,h.string(n.stack)&&h.string(this.stack)){let o=this.stack.indexOf(
this.message)+this.message.length,i=this.stack.slice(o).split(`
`).reverse(),s=n.stack.slice(n.stack.indexOf(n.message)+n.message.length).split(`
`).reverse();for(;s.length>0&&s[0]===i[0];)i.shift();this.stack=`${this.stack.slice(0,o)}${i.reverse().join(`
`)}${s.reverse().join(`
`)}`}}},$r=class extends K{name="MaxRedirectsError";code="ERR_TOO_MANY_REDIRECTS";constructor(e){super(`Redirected ${e.options.
maxRedirects} times. Aborting.`,{},e)}},Ge=class extends K{name="HTTPError";code="ERR_NON_2XX_3XX_RESPONSE";constructor(e){
super(`Request failed with status code ${e.statusCode} (${e.statusMessage}): ${e.request.options.method} ${e.request.options.
url.toString()}`,{},e.request)}},En=class extends K{name="CacheError";constructor(e,n){super(e.message,e,n),this.code===
"ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_CACHE_ACCESS")}},An=class extends K{name="UploadError";constructor(e,n){super(e.
message,e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_UPLOAD")}},Tn=class extends K{name="TimeoutError";timings;event;constructor(e,n,r){
super(e.message,e,r),this.event=e.event,this.timings=n}},jt=class extends K{name="ReadError";constructor(e,n){super(e.message,
e,n),this.code==="ERR_GOT_REQUEST_ERROR"&&(this.code="ERR_READING_RESPONSE_STREAM")}},Lr=class extends K{name="RetryErro\
r";code="ERR_RETRYING";constructor(e){super("Retrying",{},e)}},Mr=class extends K{name="AbortError";code="ERR_ABORTED";constructor(e){
super("This operation was aborted.",{},e)}}});function ls(t){return typeof t=="string"?AC.encode(t).byteLength:ArrayBuffer.isView(t)||t instanceof ArrayBuffer||t instanceof
SharedArrayBuffer?t.byteLength:0}var AC,lw=x(()=>{l();AC=new TextEncoder});var uw=x(()=>{l();lw()});var fw,us,dw=x(()=>{l();fw=void 0,us=class extends Error{}});var pw,hw=x(()=>{l();pw=void 0});function*Ew(t){if(t.byteLength<=mw){yield t;return}let e=0;for(;e<t.byteLength;){let n=Math.min(t.byteLength-e,mw),r=t.buffer.
slice(e,e+n);e+=r.byteLength,yield new Uint8Array(r)}}function TC(){let t=16,e="";for(;t--;)e+=yw[Math.random()*yw.length<<
0];return e}async function*xC(t){let e=t.getReader();for(;;){let{done:n,value:r}=await e.read();if(n)break;yield r}}async function*ww(t){
for await(let e of t)yield*Ew(e)}function bw(t){if(RC(t)!=="object")return!1;let e=Object.getPrototypeOf(t);return e==null?
!0:e.constructor?.toString?.()===Object.toString()}function Sw(t,e){if(typeof e=="string"){for(let[n,r]of Object.entries(
t))if(e.toLowerCase()===n.toLowerCase())return r}}var kw,Gl,z,Je,jr,Wl,mw,yw,gw,Ve,_C,OC,vC,On,Kr,RC,Aw,CC,IC,fs,bt,Dr,ds,
qr,Dt,Ur,Fr,ps,Br,Jl,Tw,_w,Vl=x(()=>{l();kw=t=>{throw TypeError(t)},Gl=(t,e,n)=>e.has(t)||kw("Cannot "+n),z=(t,e,n)=>(Gl(
t,e,"read from private field"),n?n.call(t):e.get(t)),Je=(t,e,n)=>e.has(t)?kw("Cannot add the same private member more th\
an once"):e instanceof WeakSet?e.add(t):e.set(t,n),jr=(t,e,n,r)=>(Gl(t,e,"write to private field"),r?r.call(t,n):e.set(t,
n),n),Wl=(t,e,n)=>(Gl(t,e,"access private method"),n),mw=65536;yw="abcdefghijklmnopqrstuvwxyz0123456789";gw=t=>String(t).
replace(/\r/g,"%0D").replace(/\n/g,"%0A").replace(/"/g,"%22"),Ve=t=>typeof t=="function",_C=t=>!!t&&typeof t=="object"&&
!Array.isArray(t)&&Ve(t.getReader),OC=t=>Ve(t[Symbol.asyncIterator]);vC=t=>{if(OC(t))return ww(t);if(_C(t))return ww(xC(
t));throw new TypeError("Unsupported data source: Expected either ReadableStream or async iterable.")},On=t=>!!(t&&typeof t==
"object"&&Ve(t.constructor)&&t[Symbol.toStringTag]==="File"&&Ve(t.stream)&&t.name!=null),Kr=t=>!!(t&&Ve(t.constructor)&&
t[Symbol.toStringTag]==="FormData"&&Ve(t.append)&&Ve(t.getAll)&&Ve(t.entries)&&Ve(t[Symbol.iterator])),RC=t=>Object.prototype.
toString.call(t).slice(8,-1).toLowerCase();Aw=t=>String(t).replace(/\r|\n/g,(e,n,r)=>e==="\r"&&r[n+1]!==`
`||e===`
`&&r[n-1]!=="\r"?`\r
`:e);CC=t=>new Proxy(t,{get:(e,n)=>Sw(e,n),has:(e,n)=>Sw(e,n)!==void 0}),IC={enableAdditionalHeaders:!1},fs={writable:!1,
configurable:!1},_w=class{constructor(t,e,n){if(Je(this,Br),Je(this,bt,`\r
`),Je(this,Dr),Je(this,ds),Je(this,qr,"-".repeat(2)),Je(this,Dt,new TextEncoder),Je(this,Ur),Je(this,Fr),Je(this,ps),!Kr(
t))throw new TypeError("Expected first argument to be a FormData instance.");let r;if(bw(e)?n=e:r=e,r||(r=`form-data-enc\
oder-${TC()}`),typeof r!="string")throw new TypeError("Expected boundary argument to be a string.");if(n&&!bw(n))throw new TypeError(
"Expected options argument to be an object.");jr(this,Fr,Array.from(t.entries())),jr(this,ps,{...IC,...n}),jr(this,Dr,z(
this,Dt).encode(z(this,bt))),jr(this,ds,z(this,Dr).byteLength),this.boundary=r,this.contentType=`multipart/form-data; bo\
undary=${this.boundary}`,jr(this,Ur,z(this,Dt).encode(`${z(this,qr)}${this.boundary}${z(this,qr)}${z(this,bt).repeat(2)}`));
let o={"Content-Type":this.contentType},i=Wl(this,Br,Tw).call(this);i&&(this.contentLength=i,o["Content-Length"]=i),this.
headers=CC(Object.freeze(o)),Object.defineProperties(this,{boundary:fs,contentType:fs,contentLength:fs,headers:fs})}*values(){
for(let[t,e]of z(this,Fr)){let n=On(e)?e:z(this,Dt).encode(Aw(e));yield Wl(this,Br,Jl).call(this,t,n),yield n,yield z(this,
Dr)}yield z(this,Ur)}async*encode(){for(let t of this.values())On(t)?yield*vC(t.stream()):yield*Ew(t)}[Symbol.iterator](){
return this.values()}[Symbol.asyncIterator](){return this.encode()}};bt=new WeakMap;Dr=new WeakMap;ds=new WeakMap;qr=new WeakMap;
Dt=new WeakMap;Ur=new WeakMap;Fr=new WeakMap;ps=new WeakMap;Br=new WeakSet;Jl=function(t,e){let n="";if(n+=`${z(this,qr)}${this.
boundary}${z(this,bt)}`,n+=`Content-Disposition: form-data; name="${gw(t)}"`,On(e)&&(n+=`; filename="${gw(e.name)}"${z(this,
bt)}`,n+=`Content-Type: ${e.type||"application/octet-stream"}`),z(this,ps).enableAdditionalHeaders===!0){let r=On(e)?e.size:
e.byteLength;r!=null&&!isNaN(r)&&(n+=`${z(this,bt)}Content-Length: ${r}`)}return z(this,Dt).encode(`${n}${z(this,bt).repeat(
2)}`)};Tw=function(){let t=0;for(let[e,n]of z(this,Fr)){let r=On(n)?n:z(this,Dt).encode(Aw(n)),o=On(r)?r.size:r.byteLength;
if(o==null||isNaN(o))return;t+=Wl(this,Br,Jl).call(this,e,r).byteLength,t+=o,t+=z(this,ds)}return String(t+z(this,Ur).byteLength)}});function NC(t){return"encrypted"in t}var PC,Ow,xw=x(()=>{l();PC=(t,e)=>{let n;typeof e=="function"?n={connect:e}:n=e;let r=typeof n.
connect=="function",o=typeof n.secureConnect=="function",i=typeof n.close=="function",s=()=>{r&&n.connect(),NC(t)&&o&&(t.
authorized?n.secureConnect():t.once("secureConnect",n.secureConnect)),i&&t.once("close",n.close)};if(t.writable&&!t.connecting)
s();else if(t.connecting)t.once("connect",s);else if(t.destroyed&&i){let a="_hadError"in t?!!t._hadError:!1;n.close(a)}},
Ow=PC});var vw,Rw,$C,Cw,Iw=x(()=>{l();vw=require("node:events"),Rw=require("node:util");xw();$C=t=>{if(t.timings)return t.timings;
let e={start:Date.now(),socket:void 0,lookup:void 0,connect:void 0,secureConnect:void 0,upload:void 0,response:void 0,end:void 0,
error:void 0,abort:void 0,phases:{wait:void 0,dns:void 0,tcp:void 0,tls:void 0,request:void 0,firstByte:void 0,download:void 0,
total:void 0}};t.timings=e;let n=s=>{s.once(vw.errorMonitor,()=>{e.error=Date.now(),e.phases.total=e.error-e.start})};n(
t);let r=()=>{e.abort=Date.now(),e.phases.total=e.abort-e.start};t.prependOnceListener("abort",r);let o=s=>{if(e.socket=
Date.now(),e.phases.wait=e.socket-e.start,Rw.types.isProxy(s))return;if(s.writable&&!s.connecting){e.lookup=e.socket,e.connect=
e.socket,s.__initial_connection_timings__?(e.phases.dns=s.__initial_connection_timings__.dnsPhase,e.phases.tcp=s.__initial_connection_timings__.
tcpPhase,e.phases.tls=s.__initial_connection_timings__.tlsPhase,e.phases.tls!==void 0&&(e.secureConnect=e.socket)):(e.phases.
dns=0,e.phases.tcp=0);return}let c=()=>{e.lookup=Date.now(),e.phases.dns=e.lookup-e.socket};s.prependOnceListener("looku\
p",c),Ow(s,{connect(){e.connect=Date.now(),e.lookup===void 0&&(s.removeListener("lookup",c),e.lookup=e.socket,e.phases.dns=
0),e.phases.tcp=e.connect-e.lookup,e.phases.tcp===0&&e.phases.dns&&e.phases.dns>0&&(e.phases.dns=0),s.__initial_connection_timings__||
(s.__initial_connection_timings__={dnsPhase:e.phases.dns,tcpPhase:e.phases.tcp})},secureConnect(){e.secureConnect=Date.now(),
e.phases.tls=e.secureConnect-e.connect,s.__initial_connection_timings__&&(s.__initial_connection_timings__.tlsPhase=e.phases.
tls)}})};t.socket?o(t.socket):t.prependOnceListener("socket",o);let i=()=>{e.upload=Date.now();let s=e.secureConnect??e.
connect;s!==void 0&&(e.phases.request=e.upload-s)};return t.writableFinished?i():t.prependOnceListener("finish",i),t.prependOnceListener(
"response",s=>{e.response=Date.now(),e.phases.firstByte=e.response-e.upload,s.timings=e,n(s),s.prependOnceListener("end",
()=>{t.off("abort",r),s.off("aborted",r),e.phases.total===void 0&&(e.end=Date.now(),e.phases.download=e.end-e.response,e.
phases.total=e.end-e.start)}),s.prependOnceListener("aborted",r)}),e},Cw=$C});function Hr(t){return h.nodeStream(t)&&h.function(t.getBoundary)}var zl=x(()=>{l();We()});async function Xl(t,e){if(e&&"content-length"in e)return Number(e["content-length"]);if(!t)return 0;if(h.string(t))return new TextEncoder().
encode(t).byteLength;if(h.buffer(t))return t.length;if(h.typedArray(t))return t.byteLength;if(Hr(t))try{return await(0,Nw.promisify)(
t.getLength.bind(t))()}catch(n){let r=n;throw new Error(`Cannot determine content-length for form-data with stream(s) of\
 unknown length. This is a limitation of the \`form-data\` package. To fix this, either:
1. Use the \`knownLength\` option when appending streams:
   form.append('file', stream, {knownLength: 12345});
2. Switch to spec-compliant FormData (formdata-node package)
See: https://github.com/form-data/form-data#alternative-submission-methods
Original error: ${r.message}`)}}var Nw,Pw=x(()=>{l();Nw=require("node:util");We();zl()});function Yr(t,e,n){let r={};for(let o of n){let i=(...s)=>{e.emit(o,...s)};r[o]=i,t.on(o,i)}return()=>{for(let[o,i]of Object.
entries(r))t.off(o,i)}}var Ql=x(()=>{l()});function Zl(){let t=[];return{once(e,n,r){e.once(n,r),t.push({origin:e,event:n,fn:r})},unhandleAll(){for(let e of t){let{
origin:n,event:r,fn:o}=e;n.removeListener(r,o)}t.length=0}}}var $w=x(()=>{l()});function eu(t,e,n){if(Lw in t)return LC;t[Lw]=!0;let r=[],{once:o,unhandleAll:i}=Zl(),s=new Map,a=(w,k,A)=>{let _=setTimeout(
k,w,w,A);_.unref?.();let C=()=>{s.set(A,!0),clearTimeout(_)};return r.push(C),C},{host:c,hostname:u}=n,d=(w,k)=>{setTimeout(
()=>{s.has(k)||t.destroy(new Wr(w,k))},0)},f=()=>{for(let w of r)w();i()};if(t.once("error",w=>{if(f(),t.listenerCount("\
error")===0)throw w}),e.request!==void 0){let w=a(e.request,d,"request");o(t,"response",k=>{o(k,"end",w)})}if(e.socket!==
void 0){let{socket:w}=e,k=()=>{d(w,"socket")};t.setTimeout(w,k),r.push(()=>{t.removeListener("timeout",k)})}let p=e.lookup!==
void 0,g=e.connect!==void 0,S=e.secureConnect!==void 0,y=e.send!==void 0;return(p||g||S||y)&&o(t,"socket",w=>{let{socketPath:k}=t;
if(w.connecting){let A=!!(k??Mw.default.isIP(u??c??"")!==0);if(p&&!A&&w.address().address===void 0){let _=a(e.lookup,d,"\
lookup");o(w,"lookup",_)}if(g){let _=()=>a(e.connect,d,"connect");A?o(w,"connect",_()):o(w,"lookup",C=>{C===null&&o(w,"c\
onnect",_())})}S&&n.protocol==="https:"&&o(w,"connect",()=>{let _=a(e.secureConnect,d,"secureConnect");o(w,"secureConnec\
t",_)})}if(y){let A=()=>a(e.send,d,"send");w.connecting?o(w,"connect",()=>{o(t,"upload-complete",A())}):o(t,"upload-comp\
lete",A())}}),e.response!==void 0&&o(t,"upload-complete",()=>{let w=a(e.response,d,"response");o(t,"response",w)}),e.read!==
void 0&&o(t,"response",w=>{let k=a(e.read,d,"read");o(w,"end",k)}),f}var Mw,Lw,LC,Wr,jw=x(()=>{l();Mw=Q(require("node:net"),1);
$w();Lw=Symbol("reentry"),LC=()=>{},Wr=class extends Error{event;name="TimeoutError";code="ETIMEDOUT";constructor(e,n){super(
`Timeout awaiting '${n}' for ${e}ms`),this.event=n}}});function tu(t){t=t;let e={protocol:t.protocol,hostname:h.string(t.hostname)&&t.hostname.startsWith("[")?t.hostname.slice(
1,-1):t.hostname,host:t.host,hash:t.hash,search:t.search,pathname:t.pathname,href:t.href,path:`${t.pathname||""}${t.search||
""}`};return h.string(t.port)&&t.port.length>0&&(e.port=Number(t.port)),(t.username||t.password)&&(e.auth=`${t.username||
""}:${t.password||""}`),e}var Dw=x(()=>{l();We()});var Gr,qw=x(()=>{l();Gr=class{weakMap=new WeakMap;map=new Map;set(e,n){typeof e=="object"?this.weakMap.set(e,n):this.map.
set(e,n)}get(e){return typeof e=="object"?this.weakMap.get(e):this.map.get(e)}has(e){return typeof e=="object"?this.weakMap.
has(e):this.map.has(e)}}});var MC,hs,nu=x(()=>{l();MC=({attemptCount:t,retryOptions:e,error:n,retryAfter:r,computedValue:o})=>{if(n.name==="RetryEr\
ror")return 1;if(t>e.limit)return 0;let i=e.methods.includes(n.options.method),s=e.errorCodes.includes(n.code),a=n.response&&
e.statusCodes.includes(n.response.statusCode);if(!i||!s&&!a)return 0;if(n.response){if(r)return r>o?0:r;if(n.response.statusCode===
413)return 0}let c=Math.random()*e.noise;return Math.min(2**(t-1)*1e3,e.backoffLimit)+c},hs=MC});function ms(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e.toLowerCase(),n]))}var Uw=x(()=>{l()});var Fw,Bw=x(()=>{l();Fw=void 0});var ru,Kw=x(()=>{l();ru={}});function Jr(t){let e=[],n=t.split(",");for(let r of n){let[o,...i]=r.split(";"),s=o.trim();if(s[0]!=="<"||s.at(-1)!==">")
throw new Error(`Invalid format of the Link header reference: ${s}`);let a=s.slice(1,-1),c={};if(i.length===0)throw new Error(
`Unexpected end of Link header parameters: ${i.join(";")}`);for(let u of i){let d=u.trim(),f=d.indexOf("=");if(f===-1)throw new Error(
`Failed to parse Link header: ${t}`);let p=d.slice(0,f).trim(),g=d.slice(f+1).trim();c[p]=g}e.push({reference:a,parameters:c})}
return e}var ou=x(()=>{l()});function zw(t,e){try{e()}catch(n){throw n instanceof Error&&(n.message=`Option '${t}': ${n.message}`),n}}function P(t,e,n){
zw(t,()=>{M.any(e,n)})}function xn(t,e){zw(t,()=>{M.plainObject(e)})}function DC(t){for(let e in t){let n=t[e];P(`search\
Params.${e}`,[h.string,h.number,h.boolean,h.null,h.undefined],n)}}var Ww,Vr,Gw,Jw,Vw,Hw,jC,qC,ys,UC,FC,BC,KC,HC,YC,Yw,he,
vn=x(()=>{l();Ww=Q(require("node:process"),1),Vr=require("node:util"),Gw=require("node:tls"),Jw=Q(require("node:https"),1),
Vw=Q(require("node:http"),1);We();Uw();Bw();Kw();Vl();ou();[Hw,jC]=Ww.default.versions.node.split(".").map(Number);qC=new Map,
UC=()=>ys||(ys=new Fw,ys),FC=t=>t?.[Symbol.toStringTag]==="QuickLRU"&&typeof t.evict=="function"?{get(e){return t.get(e)},
set(e,n,r){return r===void 0?t.set(e,n):t.set(e,n,{maxAge:r}),!0},delete(e){return t.delete(e)},clear(){return t.clear()},
has(e){return t.has(e)}}:t,BC={request:void 0,agent:{http:void 0,https:void 0,http2:void 0},h2session:void 0,decompress:!0,
timeout:{connect:void 0,lookup:void 0,read:void 0,request:void 0,response:void 0,secureConnect:void 0,send:void 0,socket:void 0},
prefixUrl:"",body:void 0,form:void 0,json:void 0,cookieJar:void 0,ignoreInvalidCookies:!1,searchParams:void 0,dnsLookup:void 0,
dnsCache:void 0,context:{},hooks:{init:[],beforeRequest:[],beforeError:[],beforeRedirect:[],beforeRetry:[],beforeCache:[],
afterResponse:[]},followRedirect:!0,maxRedirects:10,cache:void 0,throwHttpErrors:!0,username:"",password:"",http2:!1,allowGetBody:!1,
copyPipedHeaders:!0,headers:{"user-agent":"got (https://github.com/sindresorhus/got)"},methodRewriting:!1,dnsLookupIpVersion:void 0,
parseJson:JSON.parse,stringifyJson:JSON.stringify,retry:{limit:2,methods:["GET","PUT","HEAD","DELETE","OPTIONS","TRACE"],
statusCodes:[408,413,429,500,502,503,504,521,522,524],errorCodes:["ETIMEDOUT","ECONNRESET","EADDRINUSE","ECONNREFUSED","\
EPIPE","ENOTFOUND","ENETUNREACH","EAI_AGAIN"],maxRetryAfter:void 0,calculateDelay:({computedValue:t})=>t,backoffLimit:Number.
POSITIVE_INFINITY,noise:100,enforceRetryRules:!1},localAddress:void 0,method:"GET",createConnection:void 0,cacheOptions:{
shared:void 0,cacheHeuristic:void 0,immutableMinTimeToLive:void 0,ignoreCargoCult:void 0},https:{alpnProtocols:void 0,rejectUnauthorized:void 0,
checkServerIdentity:void 0,serverName:void 0,certificateAuthority:void 0,key:void 0,certificate:void 0,passphrase:void 0,
pfx:void 0,ciphers:void 0,honorCipherOrder:void 0,minVersion:void 0,maxVersion:void 0,signatureAlgorithms:void 0,tlsSessionLifetime:void 0,
dhparam:void 0,ecdhCurve:void 0,certificateRevocationLists:void 0,secureOptions:void 0},encoding:void 0,resolveBodyOnly:!1,
isStream:!1,responseType:"text",url:void 0,pagination:{transform(t){return t.request.options.responseType==="json"?t.body:
JSON.parse(t.body)},paginate({response:t}){let e=t.headers.link;if(typeof e!="string"||e.trim()==="")return!1;let r=Jr(e).
find(o=>o.parameters.rel==="next"||o.parameters.rel==='"next"');return r?{url:new URL(r.reference,t.url)}:!1},filter:()=>!0,
shouldContinue:()=>!0,countLimit:Number.POSITIVE_INFINITY,backoff:0,requestLimit:1e4,stackAllItems:!1},setHost:!0,maxHeaderSize:void 0,
signal:void 0,enableUnixSockets:!1,strictContentLength:!1},KC=t=>{let{hooks:e,retry:n}=t;return{...t,context:{...t.context},
cacheOptions:{...t.cacheOptions},https:{...t.https},agent:{...t.agent},headers:{...t.headers},retry:{...n,errorCodes:[...n.
errorCodes],methods:[...n.methods],statusCodes:[...n.statusCodes]},timeout:{...t.timeout},hooks:{init:[...e.init],beforeRequest:[
...e.beforeRequest],beforeError:[...e.beforeError],beforeRedirect:[...e.beforeRedirect],beforeRetry:[...e.beforeRetry],beforeCache:[
...e.beforeCache],afterResponse:[...e.afterResponse]},searchParams:t.searchParams?new URLSearchParams(t.searchParams):void 0,
pagination:{...t.pagination}}},HC=t=>{let{hooks:e,retry:n}=t,r={...t};return h.object(t.context)&&(r.context={...t.context}),
h.object(t.cacheOptions)&&(r.cacheOptions={...t.cacheOptions}),h.object(t.https)&&(r.https={...t.https}),h.object(t.cacheOptions)&&
(r.cacheOptions={...r.cacheOptions}),h.object(t.agent)&&(r.agent={...t.agent}),h.object(t.headers)&&(r.headers={...t.headers}),
h.object(n)&&(r.retry={...n},h.array(n.errorCodes)&&(r.retry.errorCodes=[...n.errorCodes]),h.array(n.methods)&&(r.retry.
methods=[...n.methods]),h.array(n.statusCodes)&&(r.retry.statusCodes=[...n.statusCodes])),h.object(t.timeout)&&(r.timeout=
{...t.timeout}),h.object(e)&&(r.hooks={...e},h.array(e.init)&&(r.hooks.init=[...e.init]),h.array(e.beforeRequest)&&(r.hooks.
beforeRequest=[...e.beforeRequest]),h.array(e.beforeError)&&(r.hooks.beforeError=[...e.beforeError]),h.array(e.beforeRedirect)&&
(r.hooks.beforeRedirect=[...e.beforeRedirect]),h.array(e.beforeRetry)&&(r.hooks.beforeRetry=[...e.beforeRetry]),h.array(
e.beforeCache)&&(r.hooks.beforeCache=[...e.beforeCache]),h.array(e.afterResponse)&&(r.hooks.afterResponse=[...e.afterResponse])),
t.searchParams&&(h.string(t.searchParams)?r.searchParams=t.searchParams:t.searchParams instanceof URLSearchParams?r.searchParams=
new URLSearchParams(t.searchParams):h.object(t.searchParams)&&(r.searchParams={...t.searchParams})),h.object(t.pagination)&&
(r.pagination={...t.pagination}),r},YC=t=>{let e=[t.timeout.socket,t.timeout.connect,t.timeout.lookup,t.timeout.request,
t.timeout.secureConnect].filter(n=>typeof n=="number");if(e.length>0)return Math.min(...e)},Yw=(t,e,n)=>{let r=t.hooks?.
init;if(r)for(let o of r)o(e,n)},he=class t{_unixOptions;_internals;_merging=!1;_init;constructor(e,n,r){if(P("input",[h.
string,h.urlInstance,h.object,h.undefined],e),P("options",[h.object,h.undefined],n),P("defaults",[h.object,h.undefined],
r),e instanceof t||n instanceof t)throw new TypeError("The defaults must be passed as the third argument");this._internals=
KC(r?._internals??r??BC),this._init=[...r?._init??[]];try{if(h.plainObject(e))try{this.merge(e),this.merge(n)}finally{this.
url=e.url}else try{this.merge(n)}finally{if(n?.url!==void 0)if(e===void 0)this.url=n.url;else throw new TypeError("The `\
url` option is mutually exclusive with the `input` argument");else e!==void 0&&(this.url=e)}}catch(o){throw o.options=this,
o}}merge(e){if(e){if(e instanceof t){let n=[...e._init];for(let r of n)this.merge(r);return}e=HC(e),Yw(this,e,this),Yw(e,
e,this),this._merging=!0,"isStream"in e&&(this.isStream=e.isStream);try{let n=!1;for(let r in e){if(r==="mutableDefaults"||
r==="handlers"||r==="url"||r==="preserveHooks")continue;if(!(r in this))throw new Error(`Unexpected option: ${r}`);let o=e[r];
o!==void 0&&(this[r]=o,n=!0)}n&&this._init.push(e)}finally{this._merging=!1}}}get request(){return this._internals.request}set request(e){
P("request",[h.function,h.undefined],e),this._internals.request=e}get agent(){return this._internals.agent}set agent(e){
xn("agent",e);for(let n in e){if(!(n in this._internals.agent))throw new TypeError(`Unexpected agent option: ${n}`);P(`a\
gent.${n}`,[h.object,h.undefined,r=>r===!1],e[n])}this._merging?Object.assign(this._internals.agent,e):this._internals.agent=
{...e}}get h2session(){return this._internals.h2session}set h2session(e){this._internals.h2session=e}get decompress(){return this.
_internals.decompress}set decompress(e){M.boolean(e),this._internals.decompress=e}get timeout(){return this._internals.timeout}set timeout(e){
xn("timeout",e);for(let n in e){if(!(n in this._internals.timeout))throw new Error(`Unexpected timeout option: ${n}`);P(
`timeout.${n}`,[h.number,h.undefined],e[n])}this._merging?Object.assign(this._internals.timeout,e):this._internals.timeout=
{...e}}get prefixUrl(){return this._internals.prefixUrl}set prefixUrl(e){if(P("prefixUrl",[h.string,h.urlInstance],e),e===
""){this._internals.prefixUrl="";return}if(e=e.toString(),e.endsWith("/")||(e+="/"),this._internals.prefixUrl&&this._internals.
url){let{href:n}=this._internals.url;this._internals.url.href=e+n.slice(this._internals.prefixUrl.length)}this._internals.
prefixUrl=e}get body(){return this._internals.body}set body(e){P("body",[h.string,h.buffer,h.nodeStream,h.generator,h.asyncGenerator,
h.iterable,h.asyncIterable,Kr,h.typedArray,h.undefined],e),h.nodeStream(e)&&M.truthy(e.readable),e!==void 0&&(M.undefined(
this._internals.form),M.undefined(this._internals.json)),this._internals.body=e}get form(){return this._internals.form}set form(e){
P("form",[h.plainObject,h.undefined],e),e!==void 0&&(M.undefined(this._internals.body),M.undefined(this._internals.json)),
this._internals.form=e}get json(){return this._internals.json}set json(e){e!==void 0&&(M.undefined(this._internals.body),
M.undefined(this._internals.form)),this._internals.json=e}get url(){return this._internals.url}set url(e){if(P("url",[h.
string,h.urlInstance,h.undefined],e),e===void 0){this._internals.url=void 0;return}if(h.string(e)&&e.startsWith("/"))throw new Error(
"`url` must not start with a slash");let n=e.toString(),o=h.urlInstance(e)||/^[a-z][a-z\d+.-]*:\/\//i.test(n)?n:`${this.
prefixUrl}${n}`,i=new URL(o);if(this._internals.url=i,i.protocol==="unix:"&&(i.href=`http://unix${i.pathname}${i.search}`),
i.protocol!=="http:"&&i.protocol!=="https:"){let s=new Error(`Unsupported protocol: ${i.protocol}`);throw s.code="ERR_UN\
SUPPORTED_PROTOCOL",s}if(this._internals.username&&(i.username=this._internals.username,this._internals.username=""),this.
_internals.password&&(i.password=this._internals.password,this._internals.password=""),this._internals.searchParams&&(i.
search=this._internals.searchParams.toString(),this._internals.searchParams=void 0),i.hostname==="unix"){if(!this._internals.
enableUnixSockets)throw new Error("Using UNIX domain sockets but option `enableUnixSockets` is not enabled");let s=/(?<socketPath>.+?):(?<path>.+)/.
exec(`${i.pathname}${i.search}`);if(s?.groups){let{socketPath:a,path:c}=s.groups;this._unixOptions={socketPath:a,path:c,
host:""}}else this._unixOptions=void 0;return}this._unixOptions=void 0}get cookieJar(){return this._internals.cookieJar}set cookieJar(e){
if(P("cookieJar",[h.object,h.undefined],e),e===void 0){this._internals.cookieJar=void 0;return}let{setCookie:n,getCookieString:r}=e;
M.function(n),M.function(r),n.length===4&&r.length===0?(n=(0,Vr.promisify)(n.bind(e)),r=(0,Vr.promisify)(r.bind(e)),this.
_internals.cookieJar={setCookie:n,getCookieString:r}):this._internals.cookieJar=e}get signal(){return this._internals.signal}set signal(e){
M.object(e),this._internals.signal=e}get ignoreInvalidCookies(){return this._internals.ignoreInvalidCookies}set ignoreInvalidCookies(e){
M.boolean(e),this._internals.ignoreInvalidCookies=e}get searchParams(){return this._internals.url?this._internals.url.searchParams:
(this._internals.searchParams===void 0&&(this._internals.searchParams=new URLSearchParams),this._internals.searchParams)}set searchParams(e){
P("searchParams",[h.string,h.object,h.undefined],e);let n=this._internals.url;if(e===void 0){this._internals.searchParams=
void 0,n&&(n.search="");return}let r=this.searchParams,o;if(h.string(e))o=new URLSearchParams(e);else if(e instanceof URLSearchParams)
o=e;else{DC(e),o=new URLSearchParams;for(let i in e){let s=e[i];s===null?o.append(i,""):s===void 0?r.delete(i):o.append(
i,s)}}if(this._merging){for(let i of o.keys())r.delete(i);for(let[i,s]of o)r.append(i,s)}else n?n.search=r.toString():this.
_internals.searchParams=r}get searchParameters(){throw new Error("The `searchParameters` option does not exist. Use `sea\
rchParams` instead.")}set searchParameters(e){throw new Error("The `searchParameters` option does not exist. Use `search\
Params` instead.")}get dnsLookup(){return this._internals.dnsLookup}set dnsLookup(e){P("dnsLookup",[h.function,h.undefined],
e),this._internals.dnsLookup=e}get dnsCache(){return this._internals.dnsCache}set dnsCache(e){P("dnsCache",[h.object,h.boolean,
h.undefined],e),e===!0?this._internals.dnsCache=UC():e===!1?this._internals.dnsCache=void 0:this._internals.dnsCache=e}get context(){
return this._internals.context}set context(e){M.object(e),this._merging?Object.assign(this._internals.context,e):this._internals.
context={...e}}get hooks(){return this._internals.hooks}set hooks(e){M.object(e);for(let n in e){if(!(n in this._internals.
hooks))throw new Error(`Unexpected hook event: ${n}`);let r=n,o=e[r];if(P(`hooks.${n}`,[h.array,h.undefined],o),o)for(let i of o)
M.function(i);if(this._merging)o&&this._internals.hooks[r].push(...o);else{if(!o)throw new Error(`Missing hook event: ${n}`);
this._internals.hooks[n]=[...o]}}}get followRedirect(){return this._internals.followRedirect}set followRedirect(e){P("fo\
llowRedirect",[h.boolean,h.function],e),this._internals.followRedirect=e}get followRedirects(){throw new TypeError("The \
`followRedirects` option does not exist. Use `followRedirect` instead.")}set followRedirects(e){throw new TypeError("The\
 `followRedirects` option does not exist. Use `followRedirect` instead.")}get maxRedirects(){return this._internals.maxRedirects}set maxRedirects(e){
M.number(e),this._internals.maxRedirects=e}get cache(){return this._internals.cache}set cache(e){P("cache",[h.object,h.string,
h.boolean,h.undefined],e),e===!0?this._internals.cache=qC:e===!1?this._internals.cache=void 0:this._internals.cache=FC(e)}get throwHttpErrors(){
return this._internals.throwHttpErrors}set throwHttpErrors(e){M.boolean(e),this._internals.throwHttpErrors=e}get username(){
let e=this._internals.url,n=e?e.username:this._internals.username;return decodeURIComponent(n)}set username(e){M.string(
e);let n=this._internals.url,r=encodeURIComponent(e);n?n.username=r:this._internals.username=r}get password(){let e=this.
_internals.url,n=e?e.password:this._internals.password;return decodeURIComponent(n)}set password(e){M.string(e);let n=this.
_internals.url,r=encodeURIComponent(e);n?n.password=r:this._internals.password=r}get http2(){return this._internals.http2}set http2(e){
M.boolean(e),this._internals.http2=e}get allowGetBody(){return this._internals.allowGetBody}set allowGetBody(e){M.boolean(
e),this._internals.allowGetBody=e}get copyPipedHeaders(){return this._internals.copyPipedHeaders}set copyPipedHeaders(e){
M.boolean(e),this._internals.copyPipedHeaders=e}get headers(){return this._internals.headers}set headers(e){xn("headers",
e),this._merging?Object.assign(this._internals.headers,ms(e)):this._internals.headers=ms(e)}get methodRewriting(){return this.
_internals.methodRewriting}set methodRewriting(e){M.boolean(e),this._internals.methodRewriting=e}get dnsLookupIpVersion(){
return this._internals.dnsLookupIpVersion}set dnsLookupIpVersion(e){if(e!==void 0&&e!==4&&e!==6)throw new TypeError(`Inv\
alid DNS lookup IP version: ${e}`);this._internals.dnsLookupIpVersion=e}get parseJson(){return this._internals.parseJson}set parseJson(e){
M.function(e),this._internals.parseJson=e}get stringifyJson(){return this._internals.stringifyJson}set stringifyJson(e){
M.function(e),this._internals.stringifyJson=e}get retry(){return this._internals.retry}set retry(e){if(xn("retry",e),P("\
retry.calculateDelay",[h.function,h.undefined],e.calculateDelay),P("retry.maxRetryAfter",[h.number,h.undefined],e.maxRetryAfter),
P("retry.limit",[h.number,h.undefined],e.limit),P("retry.methods",[h.array,h.undefined],e.methods),P("retry.statusCodes",
[h.array,h.undefined],e.statusCodes),P("retry.errorCodes",[h.array,h.undefined],e.errorCodes),P("retry.noise",[h.number,
h.undefined],e.noise),P("retry.enforceRetryRules",[h.boolean,h.undefined],e.enforceRetryRules),e.noise&&Math.abs(e.noise)>
100)throw new Error(`The maximum acceptable retry noise is +/- 100ms, got ${e.noise}`);for(let r in e)if(!(r in this._internals.
retry))throw new Error(`Unexpected retry option: ${r}`);this._merging?Object.assign(this._internals.retry,e):this._internals.
retry={...e};let{retry:n}=this._internals;n.methods=[...new Set(n.methods.map(r=>r.toUpperCase()))],n.statusCodes=[...new Set(
n.statusCodes)],n.errorCodes=[...new Set(n.errorCodes)]}get localAddress(){return this._internals.localAddress}set localAddress(e){
P("localAddress",[h.string,h.undefined],e),this._internals.localAddress=e}get method(){return this._internals.method}set method(e){
M.string(e),this._internals.method=e.toUpperCase()}get createConnection(){return this._internals.createConnection}set createConnection(e){
P("createConnection",[h.function,h.undefined],e),this._internals.createConnection=e}get cacheOptions(){return this._internals.
cacheOptions}set cacheOptions(e){xn("cacheOptions",e),P("cacheOptions.shared",[h.boolean,h.undefined],e.shared),P("cache\
Options.cacheHeuristic",[h.number,h.undefined],e.cacheHeuristic),P("cacheOptions.immutableMinTimeToLive",[h.number,h.undefined],
e.immutableMinTimeToLive),P("cacheOptions.ignoreCargoCult",[h.boolean,h.undefined],e.ignoreCargoCult);for(let n in e)if(!(n in
this._internals.cacheOptions))throw new Error(`Cache option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.
cacheOptions,e):this._internals.cacheOptions={...e}}get https(){return this._internals.https}set https(e){xn("https",e),
P("https.rejectUnauthorized",[h.boolean,h.undefined],e.rejectUnauthorized),P("https.checkServerIdentity",[h.function,h.undefined],
e.checkServerIdentity),P("https.serverName",[h.string,h.undefined],e.serverName),P("https.certificateAuthority",[h.string,
h.object,h.array,h.undefined],e.certificateAuthority),P("https.key",[h.string,h.object,h.array,h.undefined],e.key),P("ht\
tps.certificate",[h.string,h.object,h.array,h.undefined],e.certificate),P("https.passphrase",[h.string,h.undefined],e.passphrase),
P("https.pfx",[h.string,h.buffer,h.array,h.undefined],e.pfx),P("https.alpnProtocols",[h.array,h.undefined],e.alpnProtocols),
P("https.ciphers",[h.string,h.undefined],e.ciphers),P("https.dhparam",[h.string,h.buffer,h.undefined],e.dhparam),P("http\
s.signatureAlgorithms",[h.string,h.undefined],e.signatureAlgorithms),P("https.minVersion",[h.string,h.undefined],e.minVersion),
P("https.maxVersion",[h.string,h.undefined],e.maxVersion),P("https.honorCipherOrder",[h.boolean,h.undefined],e.honorCipherOrder),
P("https.tlsSessionLifetime",[h.number,h.undefined],e.tlsSessionLifetime),P("https.ecdhCurve",[h.string,h.undefined],e.ecdhCurve),
P("https.certificateRevocationLists",[h.string,h.buffer,h.array,h.undefined],e.certificateRevocationLists),P("https.secu\
reOptions",[h.number,h.undefined],e.secureOptions);for(let n in e)if(!(n in this._internals.https))throw new Error(`HTTP\
S option \`${n}\` does not exist`);this._merging?Object.assign(this._internals.https,e):this._internals.https={...e}}get encoding(){
return this._internals.encoding}set encoding(e){if(e===null)throw new TypeError("To get a Buffer, set `options.responseT\
ype` to `buffer` instead");P("encoding",[h.string,h.undefined],e),this._internals.encoding=e}get resolveBodyOnly(){return this.
_internals.resolveBodyOnly}set resolveBodyOnly(e){M.boolean(e),this._internals.resolveBodyOnly=e}get isStream(){return this.
_internals.isStream}set isStream(e){M.boolean(e),this._internals.isStream=e}get responseType(){return this._internals.responseType}set responseType(e){
if(e===void 0){this._internals.responseType="text";return}if(e!=="text"&&e!=="buffer"&&e!=="json")throw new Error(`Inval\
id \`responseType\` option: ${e}`);this._internals.responseType=e}get pagination(){return this._internals.pagination}set pagination(e){
M.object(e),this._merging?Object.assign(this._internals.pagination,e):this._internals.pagination=e}get auth(){throw new Error(
"Parameter `auth` is deprecated. Use `username` / `password` instead.")}set auth(e){throw new Error("Parameter `auth` is\
 deprecated. Use `username` / `password` instead.")}get setHost(){return this._internals.setHost}set setHost(e){M.boolean(
e),this._internals.setHost=e}get maxHeaderSize(){return this._internals.maxHeaderSize}set maxHeaderSize(e){P("maxHeaderS\
ize",[h.number,h.undefined],e),this._internals.maxHeaderSize=e}get enableUnixSockets(){return this._internals.enableUnixSockets}set enableUnixSockets(e){
M.boolean(e),this._internals.enableUnixSockets=e}get strictContentLength(){return this._internals.strictContentLength}set strictContentLength(e){
M.boolean(e),this._internals.strictContentLength=e}toJSON(){return{...this._internals}}[Symbol.for("nodejs.util.inspect.\
custom")](e,n){return(0,Vr.inspect)(this._internals,n)}createNativeRequestOptions(){let e=this._internals,n=e.url,r;n.protocol===
"https:"?e.http2?r={...e.agent,http2:e.agent.http2??ru.globalAgent}:r=e.agent.https:r=e.agent.http;let{https:o}=e,{pfx:i}=o;
return h.array(i)&&h.plainObject(i[0])&&(i=i.map(s=>({buf:s.buffer,passphrase:s.passphrase}))),{...e.cacheOptions,...this.
_unixOptions,ALPNProtocols:o.alpnProtocols,ca:o.certificateAuthority,cert:o.certificate,key:o.key,passphrase:o.passphrase,
pfx:o.pfx,rejectUnauthorized:o.rejectUnauthorized,checkServerIdentity:o.checkServerIdentity??Gw.checkServerIdentity,servername:o.
serverName,ciphers:o.ciphers,honorCipherOrder:o.honorCipherOrder,minVersion:o.minVersion,maxVersion:o.maxVersion,sigalgs:o.
signatureAlgorithms,sessionTimeout:o.tlsSessionLifetime,dhparam:o.dhparam,ecdhCurve:o.ecdhCurve,crl:o.certificateRevocationLists,
secureOptions:o.secureOptions,lookup:e.dnsLookup??e.dnsCache?.lookup,family:e.dnsLookupIpVersion,agent:r,setHost:e.setHost,
method:e.method,maxHeaderSize:e.maxHeaderSize,localAddress:e.localAddress,headers:e.headers,createConnection:e.createConnection,
timeout:e.http2?YC(e):void 0,h2session:e.h2session}}getRequestFunction(){let e=this._internals.url,{request:n}=this._internals;
return!n&&e?this.getFallbackRequestFunction():n}getFallbackRequestFunction(){let e=this._internals.url;if(e){if(e.protocol===
"https:"){if(this._internals.http2){if(Hw<15||Hw===15&&jC<10){let n=new Error("To use the `http2` option, install Node.j\
s 15.10.0 or above");throw n.code="EUNSUPPORTED",n}return ru.auto}return Jw.default.request}return Vw.default.request}}freeze(){
let e=this._internals;Object.freeze(e),Object.freeze(e.hooks),Object.freeze(e.hooks.afterResponse),Object.freeze(e.hooks.
beforeError),Object.freeze(e.hooks.beforeRedirect),Object.freeze(e.hooks.beforeRequest),Object.freeze(e.hooks.beforeRetry),
Object.freeze(e.hooks.init),Object.freeze(e.https),Object.freeze(e.cacheOptions),Object.freeze(e.agent),Object.freeze(e.
headers),Object.freeze(e.timeout),Object.freeze(e.retry),Object.freeze(e.retry.errorCodes),Object.freeze(e.retry.methods),
Object.freeze(e.retry.statusCodes)}}});var Ut,qt,gs,ws=x(()=>{l();_n();Ut=t=>{let{statusCode:e}=t,{followRedirect:n}=t.request.options,o=(typeof n=="function"?
n(t):n)?299:399;return e>=200&&e<=o||e===304},qt=class extends K{name="ParseError";code="ERR_BODY_PARSE_FAILURE";constructor(e,n){
let{options:r}=n.request;super(`${e.message} in "${r.url.toString()}"`,e,n.request)}},gs=(t,e,n,r)=>{let{rawBody:o}=t;try{
if(e==="text")return o.toString(r);if(e==="json")return o.length===0?"":n(o.toString(r));if(e==="buffer")return o}catch(i){
throw new qt(i,t)}throw new qt({message:`Unknown body type '${e}'`,name:"Error"},t)}});function WC(t){return t.writable&&!t.writableEnded}var Xw,Qw=x(()=>{l();Xw=WC});function zr(t){return t.protocol==="unix:"||t.hostname==="unix"}function iu(t){if(zr(t))return/(?<socketPath>.+?):(?<path>.+)/.
exec(`${t.pathname}${t.search}`)?.groups?.socketPath}var Zw=x(()=>{l()});function su(){return(0,eb.randomUUID)()}function au(t){me.requestCreate.hasSubscribers&&me.requestCreate.publish(t)}function cu(t){
me.requestStart.hasSubscribers&&me.requestStart.publish(t)}function lu(t){me.responseStart.hasSubscribers&&me.responseStart.
publish(t)}function uu(t){me.responseEnd.hasSubscribers&&me.responseEnd.publish(t)}function fu(t){me.retry.hasSubscribers&&
me.retry.publish(t)}function du(t){me.error.hasSubscribers&&me.error.publish(t)}function pu(t){me.redirect.hasSubscribers&&
me.redirect.publish(t)}var eb,St,me,hu=x(()=>{l();eb=require("node:crypto"),St=Q(require("node:diagnostics_channel"),1),
me={requestCreate:St.default.channel("got:request:create"),requestStart:St.default.channel("got:request:start"),responseStart:St.default.
channel("got:response:start"),responseEnd:St.default.channel("got:response:end"),retry:St.default.channel("got:request:r\
etry"),error:St.default.channel("got:request:error"),redirect:St.default.channel("got:response:redirect")}});var Cn,Rn,rb,Xr,GC,JC,tb,VC,mu,zC,nb,XC,bs,Ft,Ss=x(()=>{l();Cn=Q(require("node:process"),1),Rn=require("node:buffer"),rb=
require("node:stream"),Xr=Q(require("node:http"),1);uw();dw();hw();We();Vl();Iw();Pw();zl();Ql();jw();Dw();qw();nu();vn();
ws();Qw();Zw();_n();hu();GC=h.string(Cn.default.versions.brotli),JC=h.string(Cn.default.versions.zstd),tb=new Set(["GET",
"HEAD"]),VC=new Set(["OPTIONS","DELETE","PATCH"]),mu=new Gr,zC=new Set([300,301,302,303,304,307,308]),nb=new WeakSet,XC=
["socket","connect","continue","information","upgrade"],bs=()=>{},Ft=class t extends rb.Duplex{["constructor"];_noPipe;options;response;requestUrl;redirectUrls=[];retryCount=0;_stopReading=!1;_stopRetry=bs;_downloadedSize=0;_uploadedSize=0;_pipedServerResponses=new Set;_request;_responseSize;_bodySize;_unproxyEvents=bs;_isFromCache;_triggerRead=!1;_jobs=[];_cancelTimeouts=bs;_removeListeners=bs;_nativeResponse;_flushed=!1;_aborted=!1;_expectedContentLength;_compressedBytesCount;_requestId=su();_requestInitialized=!1;constructor(e,n,r){
super({autoDestroy:!1,highWaterMark:0}),this.on("pipe",i=>{this.options.copyPipedHeaders&&i?.headers&&Object.assign(this.
options.headers,i.headers)}),this.on("newListener",i=>{if(i==="retry"&&this.listenerCount("retry")>0)throw new Error("A \
retry listener has been attached already.")});try{if(this.options=new he(e,n,r),!this.options.url){if(this.options.prefixUrl===
"")throw new TypeError("Missing `url` property");this.options.url=""}this.requestUrl=this.options.url,au({requestId:this.
_requestId,url:this.options.url?.toString()??"",method:this.options.method})}catch(i){let{options:s}=i;s&&(this.options=
s),this.flush=async()=>{this.flush=async()=>{},Cn.default.nextTick(()=>{if(this.options)this._beforeError(i);else{let a=i instanceof
K?i:new K(i.message,i,this);this.destroy(a)}})};return}let{body:o}=this.options;if(h.nodeStream(o)&&o.once("error",i=>{this.
_flushed?this._beforeError(new An(i,this)):this.flush=async()=>{this.flush=async()=>{},this._beforeError(new An(i,this))}}),
this.options.signal){let i=()=>{this.options.signal?.reason?.name==="TimeoutError"?this.destroy(new Tn(this.options.signal.
reason,this.timings,this)):this.destroy(new Mr(this))};this.options.signal.aborted?i():(this.options.signal.addEventListener(
"abort",i),this._removeListeners=()=>{this.options.signal?.removeEventListener("abort",i)})}}async flush(){if(!this._flushed){
this._flushed=!0;try{if(await this._finalizeBody(),this.destroyed)return;if(await this._makeRequest(),this.destroyed){this.
_request?.destroy();return}for(let e of this._jobs)e();this._jobs.length=0,this._requestInitialized=!0}catch(e){this._beforeError(
e)}}}_beforeError(e){if(this._stopReading)return;let{response:n,options:r}=this,o=this.retryCount+(e.name==="RetryError"?
0:1);this._stopReading=!0,e instanceof K||(e=new K(e.message,e,this));let i=e;(async()=>{if(n?.readable&&!n.rawBody&&!this.
_request?.socket?.destroyed&&(n.setEncoding(this.readableEncoding),await this._setRawBody(n)&&(n.body=n.rawBody.toString())),
this.listenerCount("retry")!==0){let s;try{let a;n&&"retry-after"in n.headers&&(a=Number(n.headers["retry-after"]),Number.
isNaN(a)?(a=Date.parse(n.headers["retry-after"])-Date.now(),a<=0&&(a=1)):a*=1e3);let c=r.retry,u=hs({attemptCount:o,retryOptions:c,
error:i,retryAfter:a,computedValue:c.maxRetryAfter??r.timeout.request??Number.POSITIVE_INFINITY});c.enforceRetryRules&&u===
0?s=0:s=await c.calculateDelay({attemptCount:o,retryOptions:c,error:i,retryAfter:a,computedValue:u})}catch(a){this._error(
new K(a.message,a,this));return}if(s){if(await new Promise(d=>{let f=setTimeout(d,s);this._stopRetry=()=>{clearTimeout(f),
d()}}),this.destroyed)return;let a=this.options.body;try{for(let d of this.options.hooks.beforeRetry)await d(i,this.retryCount+
1)}catch(d){this._error(new K(d.message,d,this));return}if(this.destroyed)return;let c=this.options.body;if(a!==c){let d=a;
if(this.options.body=void 0,this.destroy(),h.nodeStream(d)&&d!==c&&d.destroy(),h.nodeStream(c)&&(c.readableEnded||c.destroyed))
throw new TypeError("The reassigned stream body must be readable. Ensure you provide a fresh, readable stream in the bef\
oreRetry hook.");this.options._internals.body=c}else this.destroy();fu({requestId:this._requestId,retryCount:this.retryCount+
1,error:i,delay:s}),this.emit("retry",this.retryCount+1,e,d=>{let f=new t(r.url,d,r);return f.retryCount=this.retryCount+
1,Cn.default.nextTick(()=>{f.flush()}),f});return}}this._error(i)})()}_read(){this._triggerRead=!0;let{response:e}=this;
if(e&&!this._stopReading){e.readableLength&&(this._triggerRead=!1);let n;for(;(n=e.read())!==null;){this._downloadedSize+=
n.length;let r=this.downloadProgress;r.percent<1&&this.emit("downloadProgress",r),this.push(n)}}}_write(e,n,r){let o=()=>{
this._writeRequest(e,n,r)};this._requestInitialized?o():this._jobs.push(o)}_final(e){let n=()=>{if(!this._request||this.
_request.destroyed){e();return}this._request.end(r=>{this._request?._writableState?.errored||(r||(this._bodySize=this._uploadedSize,
this.emit("uploadProgress",this.uploadProgress),this._request?.emit("upload-complete")),e(r))})};this._requestInitialized?
n():this._jobs.push(n)}_destroy(e,n){if(this._stopReading=!0,this.flush=async()=>{},this._stopRetry(),this._cancelTimeouts(),
this._removeListeners(),this.options){let{body:o}=this.options;h.nodeStream(o)&&o.destroy()}this._request&&this._request.
destroy();let r=this._request?.timings;r&&h.undefined(r.end)&&!h.undefined(r.response)&&h.undefined(r.error)&&h.undefined(
r.abort)&&(r.end=Date.now(),h.undefined(r.phases.total)&&(r.phases.download=r.end-r.response,r.phases.total=r.end-r.start)),
e!==null&&!h.undefined(e)&&!(e instanceof Error&&nb.has(e))&&!(e instanceof K)&&(e=e instanceof Error?new K(e.message,e,
this):new K(String(e),{},this)),n(e)}pipe(e,n){return e instanceof Xr.ServerResponse&&this._pipedServerResponses.add(e),
super.pipe(e,n)}unpipe(e){return e instanceof Xr.ServerResponse&&this._pipedServerResponses.delete(e),super.unpipe(e),this}_checkContentLengthMismatch(){
if(this.options.strictContentLength&&this._expectedContentLength!==void 0){let e=this._compressedBytesCount??this._downloadedSize;
if(e!==this._expectedContentLength)return this._beforeError(new jt({message:`Content-Length mismatch: expected ${this._expectedContentLength}\
 bytes, received ${e} bytes`,name:"Error",code:"ERR_HTTP_CONTENT_LENGTH_MISMATCH"},this)),!0}return!1}async _finalizeBody(){
let{options:e}=this,{headers:n}=e,r=!h.undefined(e.form),o=!h.undefined(e.json),i=!h.undefined(e.body),s=tb.has(e.method)&&
!(e.method==="GET"&&e.allowGetBody);if(r||o||i){if(s)throw new TypeError(`The \`${e.method}\` method cannot be used with \
a body`);let a=!h.string(n["content-type"]);if(i){if(Kr(e.body)){let u=new _w(e.body);a&&(n["content-type"]=u.headers["C\
ontent-Type"]),"Content-Length"in u.headers&&(n["content-length"]=u.headers["Content-Length"]),e.body=u.encode()}Hr(e.body)&&
a&&(n["content-type"]=`multipart/form-data; boundary=${e.body.getBoundary()}`)}else if(r){a&&(n["content-type"]="applica\
tion/x-www-form-urlencoded");let{form:u}=e;e.form=void 0,e.body=new URLSearchParams(u).toString()}else{a&&(n["content-ty\
pe"]="application/json");let{json:u}=e;e.json=void 0,e.body=e.stringifyJson(u)}let c=await Xl(e.body,e.headers);h.undefined(
n["content-length"])&&h.undefined(n["transfer-encoding"])&&!s&&!h.undefined(c)&&(n["content-length"]=String(c))}e.responseType===
"json"&&!("accept"in e.headers)&&(e.headers.accept="application/json"),this._bodySize=Number(n["content-length"])||void 0}async _onResponseBase(e){
if(this.isAborted)return;let{options:n}=this,{url:r}=n;this._nativeResponse=e;let o=e.statusCode,{method:i}=n,s=i==="HEA\
D"||o>=100&&o<200||o===204||o===205||o===304;n.decompress&&!s&&(n.strictContentLength&&(this._compressedBytesCount=0,this.
_nativeResponse.on("data",d=>{this._compressedBytesCount+=ls(d)})),e=pw(e));let a=e;a.statusMessage=a.statusMessage||Xr.default.
STATUS_CODES[o],a.url=n.url.toString(),a.requestUrl=this.requestUrl,a.redirectUrls=this.redirectUrls,a.request=this,a.isFromCache=
this._nativeResponse.fromCache??!1,a.ip=this.ip,a.retryCount=this.retryCount,a.ok=Ut(a),this._isFromCache=a.isFromCache,
this._responseSize=Number(e.headers["content-length"])||void 0,this.response=a,lu({requestId:this._requestId,url:a.url,statusCode:o,
headers:e.headers,isFromCache:a.isFromCache}),e.once("error",d=>{this._aborted=!0,e.destroy(),this._beforeError(new jt(d,
this))}),e.once("aborted",()=>{this._aborted=!0,this._checkContentLengthMismatch()||this._beforeError(new jt({name:"Erro\
r",message:"The server aborted pending request",code:"ECONNRESET"},this))});let c=e.headers["set-cookie"];if(h.object(n.
cookieJar)&&c){let d=c.map(async f=>n.cookieJar.setCookie(f,r.toString()));n.ignoreInvalidCookies&&(d=d.map(async f=>{try{
await f}catch{}}));try{await Promise.all(d)}catch(f){this._beforeError(f);return}}if(this.isAborted)return;if(e.headers.
location&&zC.has(o)&&(typeof n.followRedirect=="function"?n.followRedirect(a):n.followRedirect)){if(e.resume(),this._cancelTimeouts(),
this._unproxyEvents(),this.redirectUrls.length>=n.maxRedirects){this._beforeError(new $r(this));return}this._request=void 0,
this._downloadedSize=0;let f=new he(void 0,void 0,this.options),p=o===303&&f.method!=="GET"&&f.method!=="HEAD",g=o!==307&&
o!==308,S=f.methodRewriting&&g;(p||S)&&(f.method="GET",f.body=void 0,f.json=void 0,f.form=void 0,delete f.headers["conte\
nt-length"]);try{let y=Rn.Buffer.from(e.headers.location,"binary").toString(),w=new URL(y,r);if(!zr(r)&&zr(w)){this._beforeError(
new K("Cannot redirect to UNIX socket",{},this));return}w.hostname!==r.hostname||w.port!==r.port||iu(r)!==iu(w)?("host"in
f.headers&&delete f.headers.host,"cookie"in f.headers&&delete f.headers.cookie,"authorization"in f.headers&&delete f.headers.
authorization,(f.username||f.password)&&(f.username="",f.password="")):(w.username=f.username,w.password=f.password),this.
redirectUrls.push(w),f.url=w;for(let A of f.hooks.beforeRedirect)await A(f,a);pu({requestId:this._requestId,fromUrl:r.toString(),
toUrl:w.toString(),statusCode:o}),this.emit("redirect",f,a),this.options=f,await this._makeRequest()}catch(y){this._beforeError(
y);return}return}if(n.isStream&&n.throwHttpErrors&&!Ut(a)){this._beforeError(new Ge(a));return}let u=e!==this._nativeResponse;
if(!s&&(!u||n.strictContentLength)){let d=this._nativeResponse.headers["content-length"];if(d!==void 0){let f=Number(d);
!Number.isNaN(f)&&f>=0&&(this._expectedContentLength=f)}}if(e.once("end",()=>{this._checkContentLengthMismatch()||(this.
_responseSize=this._downloadedSize,this.emit("downloadProgress",this.downloadProgress),uu({requestId:this._requestId,url:a.
url,statusCode:o,bodySize:this._downloadedSize,timings:this.timings}),this.push(null))}),this.emit("downloadProgress",this.
downloadProgress),e.on("readable",()=>{this._triggerRead&&this._read()}),this.on("resume",()=>{e.resume()}),this.on("pau\
se",()=>{e.pause()}),this._noPipe){await this._setRawBody()&&this.emit("response",e);return}this.emit("response",e);for(let d of this.
_pipedServerResponses){if(d.headersSent)continue;let f=e!==this._nativeResponse;for(let p in e.headers)if(Object.hasOwn(
e.headers,p)){let g=e.headers[p];if(f&&(p==="content-encoding"||p==="content-length"))continue;g!==void 0&&d.setHeader(p,
g)}d.statusCode=o}}async _setRawBody(e=this){if(e.readableEnded)return!1;try{let n=await e.toArray(),r=yn(n.at(0))?Rn.Buffer.
concat(n):Rn.Buffer.from(n.join(""));if(!this.isAborted)return this.response.rawBody=r,!0}catch{}return!1}async _onResponse(e){
try{await this._onResponseBase(e)}catch(n){this._beforeError(n)}}_onRequest(e){let{options:n}=this,{timeout:r,url:o}=n;cu(
{requestId:this._requestId,url:o?.toString()??"",method:n.method,headers:n.headers}),Cw(e),this._cancelTimeouts=eu(e,r,o),
this.options.http2&&(e.removeAllListeners("timeout"),e.once("socket",s=>{s.removeAllListeners("timeout")}));let i=n.cache?
"cacheableResponse":"response";e.once(i,s=>{this._onResponse(s)}),e.once("error",s=>{this._aborted=!0,e.destroy(),s=s instanceof
Wr?new Tn(s,this.timings,this):new K(s.message,s,this),this._beforeError(s)}),this._unproxyEvents=Yr(e,this,XC),this._request=
e,this.emit("uploadProgress",this.uploadProgress),this._sendBody(),this.emit("request",e)}async _asyncWrite(e){return new Promise(
(n,r)=>{super.write(e,o=>{if(o){r(o);return}n()})})}_sendBody(){let{body:e}=this.options,n=this.redirectUrls.length===0?
this:this._request??this;if(h.nodeStream(e))e.pipe(n);else if(h.buffer(e))this._writeRequest(e,void 0,()=>{}),n.end();else if(h.
typedArray(e)){let r=e,o=new Uint8Array(r.buffer,r.byteOffset,r.byteLength);this._writeRequest(o,void 0,()=>{}),n.end()}else if(h.
asyncIterable(e)||h.iterable(e)&&!h.string(e)&&!yn(e))(async()=>{try{for await(let r of e)await this._asyncWrite(r);super.
end()}catch(r){this._beforeError(r)}})();else if(h.undefined(e)){let r=tb.has(this.options.method)&&!(this.options.method===
"GET"&&this.options.allowGetBody),o=VC.has(this.options.method);((this._noPipe??!1)||r||n!==this||o)&&n.end()}else this.
_writeRequest(e,void 0,()=>{}),n.end()}_prepareCache(e){if(mu.has(e))return;let n=new fw(((r,o)=>{let i=o&&(a=>{let{beforeCacheHooks:c,
gotRequest:u}=r;if(!c||c.length===0){o(a);return}try{for(let d of c){let f=d(a);if(f===!1){a.headers["cache-control"]="n\
o-cache, no-store, must-revalidate",a.headers.pragma="no-cache",a.headers.expires="0",o(a);return}if(h.promise(f))throw new TypeError(
"beforeCache hooks must be synchronous. The hook returned a Promise, but this hook must return synchronously. If you nee\
d async logic, use beforeRequest hook instead.");if(f!==void 0)throw new TypeError("beforeCache hook must return false o\
r undefined. To modify the response, mutate it directly.")}}catch(d){if(u){u._beforeError(d instanceof K?d:new K(d.message,
d,u));return}console.error("Got: beforeCache hook error (request context unavailable):",d),o(a);return}o(a)}),s=r._request(
r,i);return h.promise(s)&&(s.once=(a,c)=>{if(a==="error")(async()=>{try{await s}catch(u){c(u)}})();else if(a==="abort"||
a==="destroy")(async()=>{try{(await s).once(a,c)}catch{}})();else throw new Error(`Unknown HTTP2 promise event: ${a}`);return s}),
s}),e);mu.set(e,n.request())}async _createCacheableRequest(e,n){return new Promise((r,o)=>{Object.assign(n,tu(e));let i,
s=mu.get(n.cache)(n,async a=>{if(a._readableState.autoDestroy=!1,i){let c=()=>{a.req?a.complete=a.req.res.complete:a.complete===
void 0&&(a.complete=!0)};a.prependOnceListener("end",c),c(),(await i).emit("cacheableResponse",a)}r(a)});s.once("error",
o),s.once("request",async a=>{i=a,r(i)})})}async _makeRequest(){let{options:e}=this,{headers:n,username:r,password:o}=e,
i=e.cookieJar;for(let u in n)if(h.undefined(n[u]))delete n[u];else if(h.null(n[u]))throw new TypeError(`Use \`undefined\` \
instead of \`null\` to delete the \`${u}\` header`);if(e.decompress&&h.undefined(n["accept-encoding"])){let u=["gzip","d\
eflate"];GC&&u.push("br"),JC&&u.push("zstd"),n["accept-encoding"]=u.join(", ")}if(r||o){let u=Rn.Buffer.from(`${r}:${o}`).
toString("base64");n.authorization=`Basic ${u}`}if(i){let u=await i.getCookieString(e.url.toString());h.nonEmptyString(u)&&
(n.cookie=u)}let s;for(let u of e.hooks.beforeRequest){let d=await u(e,{retryCount:this.retryCount});if(!h.undefined(d)){
s=()=>d;break}}s||=e.getRequestFunction();let a=e.url;if(this._requestOptions=e.createNativeRequestOptions(),e.cache){this.
_requestOptions._request=s,this._requestOptions.cache=e.cache,this._requestOptions.body=e.body,this._requestOptions.beforeCacheHooks=
e.hooks.beforeCache,this._requestOptions.gotRequest=this;try{this._prepareCache(e.cache)}catch(u){throw new En(u,this)}}
let c=e.cache?this._createCacheableRequest:s;try{let u=c(a,this._requestOptions);h.promise(u)&&(u=await u),h.undefined(u)&&
(u=e.getFallbackRequestFunction()(a,this._requestOptions),h.promise(u)&&(u=await u)),Xw(u)?this._onRequest(u):this.writableEnded?
this._onResponse(u):(this.once("finish",()=>{this._onResponse(u)}),this._sendBody())}catch(u){throw u instanceof us?new En(
u,this):u}}async _error(e){try{if(!(this.options&&e instanceof Ge&&!this.options.throwHttpErrors)){if(this.options){let n=this.
options.hooks.beforeError;if(n.length>0){for(let r of n)if(e=await r(e),!(e instanceof Error))throw new TypeError(`The \`\
beforeError\` hook must return an Error instance. Received ${h.string(e)?"string":typeof e}.`);e instanceof K||nb.add(e)}}}}catch(n){
e=new K(n.message,n,this)}du({requestId:this._requestId,url:this.options?.url?.toString()??"",error:e,timings:this.timings}),
this.destroy(e),this._noPipe&&Cn.default.nextTick(()=>{this.emit("error",e)})}_writeRequest(e,n,r){if(!this._request||this.
_request.destroyed){r();return}this._request.write(e,n,o=>{if(!o&&!this._request.destroyed){let i=typeof e=="string"?Rn.Buffer.
from(e,n):e;this._uploadedSize+=ls(i);let s=this.uploadProgress;s.percent<1&&this.emit("uploadProgress",s)}r(o)})}get ip(){
return this.socket?.remoteAddress}get isAborted(){return this._aborted}get socket(){return this._request?.socket??void 0}get downloadProgress(){
let e;return this._responseSize?e=this._downloadedSize/this._responseSize:this._responseSize===this._downloadedSize?e=1:
e=0,{percent:e,transferred:this._downloadedSize,total:this._responseSize}}get uploadProgress(){let e;return this._bodySize?
e=this._uploadedSize/this._bodySize:this._bodySize===this._uploadedSize?e=1:e=0,{percent:e,transferred:this._uploadedSize,
total:this._bodySize}}get timings(){return this._request?.timings}get isFromCache(){return this._isFromCache}get reusedSocket(){
return this._request?.reusedSocket}get isReadonly(){return!h.undefined(this.options?.body)||!h.undefined(this.options?.json)||
!h.undefined(this.options?.form)}}});var Qr,yu=x(()=>{l();_n();Qr=class extends K{constructor(e){super("Promise was canceled",{},e),this.name="CancelError",this.
code="ERR_CANCELED"}get isCanceled(){return!0}}});function ks(t){let e,n,r,o=new ob.EventEmitter,i=!1,s=new kn((c,u,d)=>{d(()=>{e.destroy()}),d.shouldReject=!1,d(()=>{i=!0,
u(new Qr(e))});let f=p=>{d(()=>{});let g=t??new Ft(void 0,void 0,r);g.retryCount=p,g._noPipe=!0,e=g,g.once("response",async k=>{
let A=(k.headers["content-encoding"]??"").toLowerCase(),_=A==="gzip"||A==="deflate"||A==="br"||A==="zstd",{options:C}=g;
if(_&&!C.decompress)k.body=k.rawBody;else try{k.body=gs(k,C.responseType,C.parseJson,C.encoding)}catch(I){try{k.body=k.rawBody.
toString()}catch(L){g._beforeError(new qt(L,k));return}if(Ut(k)){g._beforeError(I);return}}try{let I=C.hooks.afterResponse;
for(let[L,W]of I.entries())if(k=await W(k,async R=>{let X=R.preserveHooks??!1;throw C.merge(R),C.prefixUrl="",R.url&&(C.
url=R.url),X||(C.hooks.afterResponse=C.hooks.afterResponse.slice(0,L)),new Lr(g)}),!(h.object(k)&&h.number(k.statusCode)&&
"body"in k))throw new TypeError("The `afterResponse` hook returned an invalid value")}catch(I){g._beforeError(I);return}
if(n=k,!Ut(k)){g._beforeError(new Ge(k));return}g.destroy(),i=!0,c(g.options.resolveBodyOnly?k.body:k)});let S=!1,y=k=>{
if(s.isCanceled)return;if(!g._stopReading){g._beforeError(k);return}if(S)return;S=!0,i=!0;let{options:A}=g;if(k instanceof
Ge&&!A.throwHttpErrors){let{response:_}=k;g.destroy(),c(g.options.resolveBodyOnly?_.body:_);return}u(k)};g.on("error",y);
let w=g.options?.body;g.once("retry",(k,A)=>{if(t=void 0,i)return;let _=g.options.body;if(w===_&&h.nodeStream(_)){A.message=
"Cannot retry with consumed body stream",y(A);return}r=g.options,f(k)}),Yr(g,o,QC),h.undefined(t)&&g.flush()};f(0)});s.on=
(c,u)=>(o.on(c,u),s),s.off=(c,u)=>(o.off(c,u),s);let a=(c,u)=>{let d=(async()=>{await c;let{options:f}=n.request;return gs(
n,u,f.parseJson,f.encoding)})();return Object.defineProperties(d,Object.getOwnPropertyDescriptors(c)),d};return s.json=function(){
if(e.options){let{headers:c}=e.options;!e.writableFinished&&!("accept"in c)&&(c.accept="application/json")}return a(this,
"json")},s.buffer=function(){return a(this,"buffer")},s.text=function(){return a(this,"text")},s}var ob,QC,ib=x(()=>{l();
ob=require("node:events");We();cw();_n();Ss();ws();Ql();yu();QC=["request","response","redirect","uploadProgress","downl\
oadProgress"]});var sb,ZC,e0,ab,Es,gu=x(()=>{l();sb=require("node:timers/promises");We();ib();Ss();vn();ZC=t=>h.function(t),e0=["get","p\
ost","put","patch","head","delete"],ab=t=>{t={options:new he(void 0,void 0,t.options),handlers:[...t.handlers],mutableDefaults:t.
mutableDefaults},Object.defineProperty(t,"mutableDefaults",{enumerable:!0,configurable:!1,writable:!1});let e=((r,o,i=t.
options)=>{let s=new Ft(r,o,i),a,c=f=>(s.options=f,s._noPipe=!f?.isStream,s.flush(),f?.isStream?s:(a||=ks(s),a)),u=0,d=f=>{
let g=(t.handlers[u++]??c)(f,d);if(h.promise(g)&&!s.options?.isStream&&(a||=ks(s),g!==a)){let S=Object.getOwnPropertyDescriptors(
a);for(let y in S)y in g&&delete S[y];Object.defineProperties(g,S),g.cancel=a.cancel}return g};return d(s.options)});e.extend=
(...r)=>{let o=new he(void 0,void 0,t.options),i=[...t.handlers],s;for(let a of r)ZC(a)?(o.merge(a.defaults.options),i.push(
...a.defaults.handlers),s=a.defaults.mutableDefaults):(o.merge(a),a.handlers&&i.push(...a.handlers),s=a.mutableDefaults);
return ab({options:o,handlers:i,mutableDefaults:!!s})};let n=(async function*(r,o){let i=new he(r,o,t.options);i.resolveBodyOnly=
!1;let{pagination:s}=i;M.function(s.transform),M.function(s.shouldContinue),M.function(s.filter),M.function(s.paginate),
M.number(s.countLimit),M.number(s.requestLimit),M.number(s.backoff);let a=[],{countLimit:c}=s,u=0;for(;u<s.requestLimit;){
u!==0&&await(0,sb.setTimeout)(s.backoff);let d=await e(void 0,void 0,i),f=await s.transform(d),p=[];M.array(f);for(let S of f)
if(s.filter({item:S,currentItems:p,allItems:a})&&(!s.shouldContinue({item:S,currentItems:p,allItems:a})||(yield S,s.stackAllItems&&
a.push(S),p.push(S),--c<=0)))return;let g=s.paginate({response:d,currentItems:p,allItems:a});if(g===!1)return;if(g===d.request.
options)i=d.request.options;else{i.merge(g);try{M.any([h.urlInstance,h.undefined],g.url)}catch(S){throw S instanceof Error&&
(S.message=`Option 'pagination.paginate.url': ${S.message}`),S}g.url!==void 0&&(i.prefixUrl="",i.url=g.url)}u++}});e.paginate=
n,e.paginate.all=(async(r,o)=>{let i=[];for await(let s of n(r,o))i.push(s);return i}),e.paginate.each=n,e.stream=((r,o)=>e(
r,{...o,isStream:!0}));for(let r of e0)e[r]=((o,i)=>e(o,{...i,method:r})),e.stream[r]=((o,i)=>e(o,{...i,method:r,isStream:!0}));
return t.mutableDefaults||(Object.freeze(t.handlers),t.options.freeze()),Object.defineProperty(e,"defaults",{value:t,writable:!1,
configurable:!1,enumerable:!0}),e},Es=ab});var cb=x(()=>{l()});var ub={};In(ub,{AbortError:()=>Mr,CacheError:()=>En,CancelError:()=>Qr,HTTPError:()=>Ge,MaxRedirectsError:()=>$r,Options:()=>he,
ParseError:()=>qt,ReadError:()=>jt,RequestError:()=>K,RetryError:()=>Lr,TimeoutError:()=>Tn,UploadError:()=>An,calculateRetryDelay:()=>hs,
create:()=>Es,default:()=>n0,generateRequestId:()=>su,got:()=>lb,isResponseOk:()=>Ut,parseBody:()=>gs,parseLinkHeader:()=>Jr,
publishError:()=>du,publishRedirect:()=>pu,publishRequestCreate:()=>au,publishRequestStart:()=>cu,publishResponseEnd:()=>uu,
publishResponseStart:()=>lu,publishRetry:()=>fu});var t0,lb,n0,fb=x(()=>{l();gu();vn();vn();vn();ws();Ss();_n();hu();nu();
yu();cb();gu();ou();t0={options:new he,handlers:[],mutableDefaults:!1},lb=Es(t0),n0=lb});var hb={};In(hb,{MAX_REPLY_BYTES:()=>pb,createHttp:()=>a0});function a0(t){let e,{agents:n=jy()}=t;return async r=>(r.signal.
throwIfAborted(),e??=Promise.resolve().then(()=>(fb(),ub)),c0(e,n,r,t))}async function c0(t,e,n,r){let o=V()+n.timeoutMs,
i=new AbortController,s=AbortSignal.timeout(Math.ceil(n.timeoutMs)),a=AbortSignal.any([n.signal,s,i.signal]),c=Math.min(
n.connectTimeoutMs??r0,Math.ceil(n.timeoutMs)),u={method:n.method,url:n.url,signal:a,json:n.json&&wu(n.json),form:n.form&&
wu(n.form),headers:{"user-agent":r.userAgent,"accept-encoding":"identity",accept:"application/json",...wu(n.headers??{})},
agent:{...await e(n,a)},...n.ca===void 0?{}:{https:{certificateAuthority:es(n.ca)}}},{got:d}=await t,f=d({...u,followRedirect:!1,
decompress:!1,timeout:{lookup:c,connect:c,secureConnect:c,request:r.attemptTimeoutMs??o0},retry:l0(n,()=>o-V(),r)}),p=y=>{
y>pb&&i.abort()},g;f.on("request",y=>{g=by(y),y.once("response",({headers:w})=>p(Number(w["content-length"]??0)))}),f.on(
"downloadProgress",({transferred:y})=>p(y));let S=await f.catch(y=>{throw n.signal.throwIfAborted(),i.signal.aborted?Cy(
n):Ay(y,n,{outOfTime:s.aborted,attempt:g})});return vy(S,n,Zi(g))}function l0(t,e,n){let{random:r=Math.random,now:o=Date.
now}=n;return{limit:t.retries,methods:["GET","POST"],statusCodes:s0,errorCodes:[...Oy,Tl],maxRetryAfter:Number.MAX_SAFE_INTEGER,
calculateDelay:({attemptCount:i,computedValue:s,error:a})=>{if(s===0)return 0;let c=Math.min(db*3**(i-1),i0),u=qy(a.response?.
headers??{},o)??c*(.5+r()/2);return u<e()?Math.max(db/2,u):0}}}function wu(t){let e={};for(let[n,r]of Object.entries(t))
e[n]=r instanceof $?r.reveal():r;return e}var pb,r0,o0,db,i0,s0,mb=x(()=>{"use strict";l();H();bl();kl();_l();Iy();Dy();
Uy();is();rt();pb=64*1024,r0=1e4,o0=1e4,db=200,i0=5e3,s0=[408,429,...Array.from({length:100},(t,e)=>500+e)]});l();l();l();l();l();l();l();var Ru=require("node:crypto"),Xe=12*36e5;function Cu(t){return J(t.reveal()).slice(0,12)}function J(t){return(0,Ru.hash)(
"sha256",t)}var Os=4096;function Ht(t){return t.length<=Os&&/^[\x21-\x7e]+$/.test(t)}var qb=/^(?:y[0-3]_[-_A-Za-z0-9]{20,}|AQAA[-_A-Za-z0-9]{20,}|Ag[-_A-Za-z0-9]{30,})$/,
Ub=/^t\d\.[-_=A-Za-z0-9]+\.[-_=A-Za-z0-9]+$/;function eo(t){return qb.test(t)}function to(t){return Ub.test(t)}var Fb=/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;function xs(t){let[,e,n="",r]=typeof t=="strin\
g"?Fb.exec(t)??[]:[];if(e===void 0||r===void 0)return;let o=Date.parse(`${e}${n.slice(0,4)}${r}`);return Number.isNaN(o)?
void 0:o}function Yt(t,e){if(t==null)return"has no expiresAt";let n=xs(t);return n===void 0?"has an expiresAt that is no\
t an RFC 3339 time with a zone":n<=e?"has an expiresAt that is in the past":Math.min(n,e+Xe)}function no(t,e){return t==
null?"has no expires_in":typeof t!="number"||!Number.isFinite(t)||t<=0?"has an expires_in that is not a number of second\
s above zero":e+Math.min(t*1e3,Xe)}j();D();l();l();j();D();var Yb={ms:1,s:1e3,m:6e4,h:36e5},Wb=/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h))+$/,Gb=/(\d+(?:\.\d+)?)(ms|s|m|h)/g;
function Lu(t,e,n=T(e)){if(!Wb.test(t))throw new N(b`${n} is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.`,
e);return[...t.matchAll(Gb)].reduce((r,[,o,i])=>r+Math.round(Number(o)*Yb[i]),0)}function ae(t){let e=Math.max(0,Math.floor(
t/1e3)),r=[[Math.floor(e/3600),"h"],[Math.floor(e/60)%60,"m"],[e%60,"s"]].filter(([o])=>o>0).slice(0,2);return r.length===
0?"0s":r.map(([o,i])=>`${o}${i}`).join(" ")}l();j();D();var Jb=/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/;function Vb({protocol:t,hostname:e}){return t==="https:"||
t==="http:"&&Jb.test(e)}function Rs(t,e,n){if(!URL.canParse(t))throw new N(b`${ge(e)} is not a URL. Write it like https://host/path.`,
n);let r=new URL(t);if(r.username!==""||r.password!=="")throw new N(b`${ge(e)} has a user or a password in it. Write the URL without them.`,
n);if(Vb(r))return r;throw new N(b`${ge(e)} must use https: a credential goes there. Plain http is for loopback addresses only.`,
n)}function ao(t,e,n){let r=Rs(t.includes("://")?t:`https://${t}`,e,n);if(r.search===""&&r.hash==="")return r.href.replace(
/\/+$/,"");throw new N(b`${ge(e)} has a query or a fragment in it. Write the URL without them.`,n)}j();D();H();l();H();var pf=3600,hf=15,mf=(pf-hf)*1e3;async function yf(t,e,n){let{SignJWT:r}=await Promise.resolve().then(()=>(df(),ff)),
o=Math.floor(n/1e3)-hf,i=await new r().setProtectedHeader({typ:"JWT",alg:"PS256",kid:t.id}).setIssuer(t.subjectId).setAudience(
e).setIssuedAt(o).setExpirationTime(o+pf).sign(t.privateKey);return new $(i)}l();j();D();var Un={ru:{api:"https://api.cloud.yandex.net",iam:"https://iam.api.cloud.yandex.net",auth:"https://auth.yandex.\
cloud"},kz:{api:"https://api.yandexcloud.kz",iam:"https://iam.api.yandexcloud.kz"}},Tt="/iam/v1/tokens",yS=["endpoint","\
iamEndpoint","authEndpoint"];function gf(t,e=T){let n={};for(let d of yS){let f=t[d];f!==void 0&&(n[d]=ao(f,()=>e(d),d))}
let{endpoint:r,iamEndpoint:o,authEndpoint:i}=n,s=gS(t.installation,r),a=s==="own"?void 0:Un[s],c=s==="own"?void 0:Un[s===
"ru"?"kz":"ru"];for(let[d,f]of Object.entries(n))if(Object.values(c??{}).includes(f))throw wS(d,s,e);let u=r!==void 0&&r!==
a?.api;return{installation:s,api:r??Un[s==="kz"?"kz":"ru"].api,iam:o??(u?void 0:a?.iam),audience:t.audience??(a===void 0?
void 0:`${a.iam}${Tt}`),auth:i??a?.auth,identity:JSON.stringify([s,r,o,i,t.audience])}}function gS(t,e){return t==="ru"||
t==="kz"?t:e===void 0||e===Un.ru.api?"ru":e===Un.kz.api?"kz":"own"}function wS(t,e,n){let r=e==="ru"?"kz":"ru";return new N(
b`${n(t)} is an address of the installation ${r}, but the installation in use is ${e}: a credential of one is unknown to the other. Set ${T(
"installation")} to ${r}, or leave the address out.`,t)}l();j();D();var bf=[400,401,403,404];function Fn(t){return t instanceof q||t instanceof v?bf.includes(t.reply.status??0)&&
Sf(t.reply):!1}function Sf({iamCode:t,oauthError:e}){return t!==void 0||e!==void 0}function Bn(t){return Fn(t)&&t.reply.
status===401}function kf(t){if(!(t instanceof q)||!bf.includes(t.reply.status??0))return t;let{text:e,reply:n}=t;return Sf(
n)?new v(b`${e}${bS(n.serviceMessage??"")}`,void 0,n):new q(b`${e} These are not the words of Yandex Cloud: a proxy or a gateway seems to answer in its place. Check ${T(
"iamEndpoint")}, ${T("authEndpoint")} and the proxy.`,"status",n)}var wf=b`${T("serviceAccountKey")}, ${T("workloadIdent\
ity")} or ${T("ycCli")}`;function bS(t){return/issued after '[^']*',? is not supported/.test(t)?b` Yandex Cloud refuses OAuth tokens made since 1 June 2026. Use ${wf} instead.`:
/OAuth token is invalid or expired/.test(t)?b` OAuth tokens live 12 months, and none made since 1 June 2026 is taken. Use ${wf} instead.`:
/does not registered/.test(t)?" This Yandex account never signed in to Yandex Cloud: open the console once.":""}var SS=[
[/^aje/,"ru"],[/^(?:b2b|ao7)/,"kz"]];function mo(t,e,{installation:n}){let r=SS.find(([o])=>o.test(e))?.[1];return!(t instanceof
v)||r===void 0||n==="own"||r===n?t:new v(b`${t.text} The account's id begins like those of the installation ${r}, but ${T(
"installation")} is ${n}: credentials of one are unknown to the other.`,"installation",t.reply)}l();j();xe();D();H();function Ue(t,e){let n=ce(t.body.reveal());if(n!==void 0)return n;let r=t.headers["content-type"]??"no content type";throw Ne(
t,e,`is not a JSON object (${r}, ${t.body.reveal().length} characters)`)}function Kn(t,e,n,r){let o=t[e];if(typeof o!="s\
tring"||o==="")throw Ne(n,r,`has no ${e}`);if(Ht(o))return new $(o);throw Ne(n,r,`has a ${e} that cannot be a token: it \
is too long, or has white space in it`)}function Ne(t,e,n){let r=t.headers["x-request-id"],o=r===void 0?"":` (request id\
 ${r})`;return new q(b`${e} ${n}${o}. Is a proxy or another service answering in its place?`,"reply",{status:t.status,...r===
void 0?{}:{requestId:r}})}var yo=class{constructor(e,n,r){this.context=e;this.endpoints=n;this.clock=r}async exchangeKey(e,n){let r=this.endpoints.
audience??`${await this.#t(n)}${Tt}`;for(let o=!1;;o=!0){let i=this.clock.now(),s=await yf(e,r,i);try{let a=await this.send(
n,Tt,{json:{jwt:s}});return{...this.#n(a),subjectId:e.subjectId}}catch(a){if(o||!this.#e(a,i))throw a}}}async exchangeOauthToken(e,n){
let r={yandexPassportOauthToken:e};return this.#n(await this.send(n,Tt,{json:r}))}async exchangeSubjectToken(e,n,r){let o={
grant_type:"urn:ietf:params:oauth:grant-type:token-exchange",requested_token_type:"urn:ietf:params:oauth:token-type:acce\
ss_token",audience:n,subject_token:e,subject_token_type:"urn:ietf:params:oauth:token-type:id_token"},i=await this.send(r,
"/oauth/token",{form:o},this.authRoot());return{...Bs(i,this.clock,"the reply to the token exchange"),subjectId:n}}async impersonate(e,n,r){
let o=`${Tt}:createForServiceAccount`,i={json:{serviceAccountId:n},headers:go(e)},s=await this.send(r,o,i);return{...this.#n(
s),subjectId:n}}async revoke(e,n){let r={json:{iamToken:e},headers:go(e)},o=await this.send(n,`${Tt}:revoke`,r),{subjectId:i}=Ue(
o,"IAM's reply");return this.clock.observe(o.serverTime,o.ageMs),typeof i=="string"?i:void 0}authRoot(){if(this.endpoints.
auth!==void 0)return this.endpoints.auth;throw new N(b`no address is known for exchanging OIDC tokens in this installation: set ${T(
"authEndpoint")}.`,"authEndpoint")}async send(e,n,r,o=this.endpoints.iam){let i=`${o??await this.#t(e)}${n}`,{signal:s,retries:a}=e;
try{let c=e.remaining();return await this.context.http({method:"POST",url:i,...r,signal:s,timeoutMs:c,retries:a})}catch(c){
throw kf(c)}}#e(e,n){if(!Fn(e))return!1;let{clock:r,context:o}=this;if(!r.observe(e.reply.serverTime))return r.now()>=n+
mf;let{offsetMs:i}=r,s=`${ae(Math.abs(i))} ${i>0?"slow":"fast"}`;return r.isHostWrong&&o.log.warn(`this host's clock is ${s}\
; going by IAM's`),!0}async#t({signal:e,remaining:n,retries:r}){let{api:o}=this.endpoints,{http:i,session:s}=this.context,
a=s.addresses.get(o);if(a!==void 0)return a;let c=`${o}/endpoints`,u=await i({method:"GET",url:c,signal:e,timeoutMs:n(),
retries:r}),{endpoints:d}=Ue(u,"the endpoint list"),p=(Array.isArray(d)?d:[]).find(S=>S?.id==="iam")?.address;if(typeof p!=
"string")throw new q(b`${c} lists no endpoint with id iam. Set ${T("iamEndpoint")} and ${T("audience")} instead.`,"reply");
let g=ao(p,`the address of IAM in the list of ${c}`,"endpoint");return s.addresses.set(o,g),g}#n(e){let n="IAM's reply",
r=Ue(e,n),o=Kn(r,"iamToken",e,n);this.clock.observe(e.serverTime,e.ageMs);let i=this.clock.now(),s=Yt(r.expiresAt,i);if(typeof s==
"string")throw Ne(e,n,s);return{token:o,issuedAt:i,expiresAt:s}}};function go(t){return{authorization:new $(`Bearer ${t.
reveal()}`)}}function Bs(t,e,n){let r=Ue(t,n),o=Kn(r,"access_token",t,n);e.observe(t.serverTime,t.ageMs);let i=e.now(),s=no(
r.expires_in,i-(t.ageMs??0));if(typeof s=="string")throw Ne(t,n,s);return{token:o,issuedAt:i,expiresAt:s}}var kS="/iam/aws-compatibility/v1/ephemeralAccessKeys",Ks="IAM's reply";async function Ef(t,e,n,r){let{durationMs:o,sessionName:i,
policy:s,subjectId:a}=n,c={sessionName:i,duration:`${o/1e3}s`,...s===void 0?{}:{policy:s},...a===void 0?{}:{subjectId:a}};
return ES(await t.send(r,kS,{json:c,headers:go(e)}),t)}function ES(t,{clock:e}){let n=Ue(t,Ks),r=d=>Kn(n,d,t,Ks),[o,i,s]=[
r("accessKeyId"),r("secret"),r("sessionToken")];e.observe(t.serverTime,t.ageMs);let a=e.now(),c=Yt(n.expiresAt,a);if(typeof c==
"string")throw Ne(t,Ks,c);let u=new Date(c).toISOString();return{key:{accessKeyId:o.reveal(),secretAccessKey:i,sessionToken:s,
expiresAt:u},issuedAt:a,expiresAt:c}}function Af(t){if(!(t instanceof v))return t;let n={401:" The token is dead: it was\
 revoked or has expired. Get a new one.",403:" The caller needs the role iam.serviceAccounts.ephemeralAccessKeyAdmin on \
the account or its folder."}[t.reply.status??0]??"";return new v(b`IAM gives no ephemeral access key: ${t.text}${n}`,t.option,
t.reply)}l();async function wo({get:t,forget:e,explain:n},r){let o=await t();try{return await r(o)}catch(i){if(!Bn(i))throw n(i);await e(
o.token);let s=await t();if(s.token.reveal()===o.token.reveal())throw n(i);return r(s).catch(async a=>{throw Bn(a)&&await e(
s.token),n(a)})}}l();j();xe();D();l();j();D();H();var AS={string:Jt,path:Jt,url:Jt,secret:xS,duration:(t,e)=>Lu(Jt(t,e),e.path,Fe(e)),enum:vS,integer:RS,boolean:CS,stringList:IS};
function _t(t,e,n,r){Ys(t,n,e);let o={},i={};for(let[s,a]of Object.entries(e)){let c=n[s]??void 0,u=c===void 0&&a.env!==
void 0?_S(a.env,r):void 0;if(c===void 0&&u===void 0)continue;let d=u===void 0?c:TS(a,r[u]);i[s]=u;let f=t===""?s:`${t}.${s}`;
o[s]=AS[a.kind](d,{path:f,variable:u},a)}return{values:o,source:s=>Fe({path:Hs(t,s),variable:i[s]}),isFromVariable:s=>i[s]!==
void 0}}function Hs(t,e){return t===""?e:`${t}.${e}`}function Fe({path:t,variable:e}){return e??T(t)}function TS({kind:t},e){
return t==="stringList"?e.split(",").map(n=>n.trim()):t==="secret"?e:e.trim()}function _S(t,e){for(let n of t){let r=typeof n==
"string"?n:n.name,o=e[r];if(!(o===void 0||o.trim()==="")&&(typeof n=="string"||n.when(o)))return r}}function Ys(t,e,...n){
for(let r of Object.keys(e)){let o=e[r]===void 0;for(let i of n)o||=Object.hasOwn(i,r);if(!o)throw OS(t,Object.assign({},
...n),r)}}function OS(t,e,n){let o=n.length<=40&&/^[\w-]+$/.test(n)?Hs(t,n):"(not a name)",i=$n(Object.keys(e).map(s=>T(
Hs(t,s))),", ");return new N(b`there is no option ${T(o)}. Known here: ${i}.`,o)}function Tf(t,e){let n=$n(Object.keys(e).
map(r=>T(`${t}.${r}`)),", ");return new N(b`${T(t)} must be an object with some of: ${n}.`,t)}function Jt(t,e){if(typeof t!=
"string")throw new N(b`${Fe(e)} must be a string.`,e.path);if(t.trim()==="")throw new N(b`${Fe(e)} is empty. Give it a value or leave it out.`,
e.path);return t}function xS(t,e,n){if(t instanceof $)return t;if(n.json!==!0||typeof t!="object")return new $(Jt(t,e));
try{return new $(JSON.stringify(t))}catch{throw new N(b`${Fe(e)} is an object that cannot be written as JSON.`,e.path)}}
function vS(t,e,n){let r=Jt(t,e);if(n.values?.includes(r))return r;throw new N(b`${Fe(e)} must be one of: ${(n.values??[]).
join(", ")}.`,e.path)}function RS(t,e,n){let[r,o]=n.range??[0,Number.MAX_SAFE_INTEGER],i=typeof t=="string"&&/^-?\d+$/.test(
t)?Number(t):t;if(typeof i=="number"&&Number.isInteger(i)&&i>=r&&i<=o)return i;throw new N(b`${Fe(e)} must be a whole number from ${r} to ${o}.`,
e.path)}function CS(t,e){if(typeof t=="boolean")return t;if(t==="true"||t==="1")return!0;if(t==="false"||t==="0")return!1;
throw new N(b`${Fe(e)} must be true or false.`,e.path)}function IS(t,e){if(Array.isArray(t)&&t.every(r=>typeof r=="strin\
g"&&r!=="")&&t.length>0)return t;throw new N(b`${Fe(e)} must be a list of strings, none of them empty.`,e.path)}l();j();D();var nt={resolvers:{kind:"stringList",env:["YCIAM_RESOLVERS"],doc:"Names of the resolvers to try, in this order; a single\
 name is a choice that must answer."},resolverModules:{kind:"stringList",env:["YCIAM_RESOLVER_MODULES"],doc:"Modules wit\
h resolvers of your own, by path or package name; each is loaded only when it is named here. They come last in the defau\
lt chain."},minRemainingValidity:{kind:"duration",env:["YCIAM_MIN_REMAINING_VALIDITY"],default:"10m",doc:"The token must\
 still live this long when it is handed out; less than 12h."},refreshAfter:{kind:"duration",env:["YCIAM_REFRESH_AFTER"],
default:"1h",doc:"A cached token older than this is renewed when possible."},cache:{kind:"enum",env:["YCIAM_CACHE"],values:[
"disk","memory","none"],default:"disk",doc:"Where tokens are kept between calls; entries on disk are encrypted under a k\
ey made from the credential."},installation:{kind:"enum",env:["YCIAM_INSTALLATION"],values:["ru","kz"],default:"ru",doc:"\
The Yandex Cloud installation that the credential belongs to."},endpoint:{kind:"url",env:["YC_ENDPOINT"],doc:"API root o\
f an installation of one's own; IAM's address is asked of its /endpoints."},iamEndpoint:{kind:"url",env:["YCIAM_IAM_ENDP\
OINT"],doc:"Address of IAM, in place of the installation's. It does not change the audience."},authEndpoint:{kind:"url",
env:["YCIAM_AUTH_ENDPOINT"],doc:"Address where OIDC tokens are exchanged, in place of the installation's."},audience:{kind:"\
string",env:["YCIAM_AUDIENCE"],doc:"Audience of the assertions that are signed, in place of the installation's."},caFile:{
kind:"path",env:["YCIAM_CA_FILE"],doc:"File with certificates (PEM) of authorities to trust beside the usual ones; `~` i\
s the home folder."},timeout:{kind:"duration",env:["YCIAM_TIMEOUT"],default:"30s",doc:"The whole time allowed for gettin\
g a token, retries included."},retries:{kind:"integer",env:["YCIAM_RETRIES"],default:"4",range:[0,20],doc:"Attempts afte\
r the first, for each request."}},NS={serviceAccountId:{kind:"string",env:["YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID"],doc:"\
Id of the service account whose token is handed out; the caller needs iam.serviceAccounts.tokenCreator on it."}},Vt={name:"\
impersonate",summary:"One more step after any resolver: the token of another service account is handed out.",options:NS},
Hn=12*36e5,_f=_t("",nt,PS(nt),{}).values;function PS(t){return Object.fromEntries(Object.entries(t).map(([e,n])=>[e,n.default]))}
function Of({values:t,source:e}){if((t.minRemainingValidity??0)>=Hn)throw new N(b`${e("minRemainingValidity")} is 12h or more. Yandex Cloud lets a token live 12h at most, so none would ever do. Ask for less.`,
"minRemainingValidity");if(t.timeout===0)throw new N(b`${e("timeout")} is zero: nothing can be asked in no time. Leave it out, or give it some seconds.`,
"timeout")}var Ws={duration:{kind:"duration",default:"1h",doc:"How long the key lives: 15m or more, less than 12h. It cannot be rev\
oked, and it dies with the token that asks for it."},sessionName:{kind:"string",default:"yciam",doc:"Names the key's use\
r in audit logs: 1 to 64 letters, digits and `_+=,.@-`."},policy:{kind:"string",doc:"A policy of AWS's kind, as JSON, th\
at takes rights away from the key; at most 2048 characters."},subjectId:{kind:"string",doc:"Id of the account that the k\
ey is for, by default the token's own; for another the caller needs iam.serviceAccounts.ephemeralAccessKeyAdmin on it."}},
$S=15*6e4,xf=2048;function vf(t){let e={duration:Ws.duration.default},{values:n}=_t("",Ws,{...e,...LS(t)},{}),{duration:r=0,
sessionName:o=Ws.sessionName.default,subjectId:i}=n,s=n.policy===void 0?void 0:ce(n.policy);Yn(r>=$S&&r<Hn,"duration","m\
ust be 15m or more, and less than 12h"),Yn(/^[\w+=,.@-]{1,64}$/.test(o),"sessionName","must be 1 to 64 letters, digits a\
nd _+=,.@-"),Yn(/^[\x21-\x7e]{1,50}$/.test(i??"-"),"subjectId","is no id of an account"),Yn(n.policy===void 0||s!==void 0,
"policy","is not a JSON object");let a=s&&JSON.stringify(s);return Yn((a??"").length<=xf,"policy",`is longer than ${xf} \
characters`),{durationMs:r,sessionName:o,policy:a,subjectId:i}}function Yn(t,e,n){if(!t)throw new N(b`${T(e)} ${n}.`,e)}
function LS(t){return Object.fromEntries(Object.entries(t).filter(([,e])=>(e??void 0)!==void 0))}l();l();j();l();j();D();rt();var DS=2**31-1;function le(t,e,n=0){let r=V()+Math.min(e,DS);return{signal:t,retries:n,remaining:()=>Math.
max(0,r-V())}}async function Pe(t,e){if(t.signal.aborted)throw e.catch(()=>{}),t.signal.reason;let n=()=>{},r=new Promise(
(o,i)=>{let s=setTimeout(()=>i(US()),Math.ceil(t.remaining())),a=qS(t.signal,i);n=()=>{clearTimeout(s),a()}});try{return await Promise.
race([e,r])}finally{n()}}var Gs=new WeakMap;function qS(t,e){let n=Gs.get(t);if(n===void 0){let i=new Set,s=()=>i.forEach(
a=>a(t.reason));Gs.set(t,n={leaves:i,listener:s}),t.addEventListener("abort",s,{once:!0})}let{leaves:r,listener:o}=n;return r.
add(e),()=>{r.delete(e),!(r.size>0)&&(Gs.delete(t),t.removeEventListener("abort",o))}}function US(){return new q(b`no token came within the time allowed. Raise ${T(
"timeout")} if the service is just slow.`,"timeout")}var FS=50,BS=500,Se=class{async join(e,n){let r=this.running,o=this.running=r??HS(e);o.waiting+=1;try{if(o.result===void 0){
o.result=n(o.terms);let i=()=>this.#e(o);o.result.then(i,i)}return await Pe(e,o.result)}catch(i){if(r===void 0||!YS(e,r.
terms,i))throw i}finally{o.waiting-=1,o.waiting===0&&(this.#e(o),o.controller.abort(KS))}return this.join(e,n)}#e(e){this.
running===e&&(this.running=void 0)}},KS=new DOMException("Nobody waits for this any more","AbortError");function HS(t){let e=new AbortController,
n=t.remaining();return{terms:le(e.signal,n-Math.min(FS,n/2),t.retries),controller:e,waiting:0}}function YS(t,e,n){return!(n instanceof
q)||t.signal.aborted||t.remaining()<BS?!1:t.retries>e.retries||e.remaining()<=0}var So=class{constructor(){this.flight=new Se}},WS=6e4;function ko({issuedAt:t,expiresAt:e},n){return e-n<WS?"dead":n-t<
(e-t)/2?"fresh":"usable"}l();var ue=class{constructor(e){this.limit=e;this.things=new Map}get(e){let n=this.things.get(e);return n!==void 0&&this.
things.delete(e)&&this.things.set(e,n),n}add(e,n){return this.things.size>=this.limit&&this.things.delete(this.things.keys().
next().value),this.things.set(e,n),n}values(){return this.things.values()}};l();function ot(t){if(!(t instanceof Error))return"value thrown";let e=GS(t);return e===void 0?t.name:`${t.name} at ${e}`}
function GS({stack:t="",message:e}){return(t.slice(t.indexOf(e)+e.length).match(/^ {4}at .+$/gm)??[]).filter(r=>!r.includes(
"node:")).map(r=>/([^\s(/\\]+:\d+):\d+\)?$/.exec(r)?.[1]).find(r=>r!==void 0)}j();D();var Cf=6e4,JS=15e3,Eo=class{constructor(e,n){this.chain=e;this.tokensOf=n;this.held=new ue(100);this.tokens=new ue(
100);this.failedAt=-1/0}async get(e,n){let r=vf(e),o=JSON.stringify(r),{clock:i}=this.chain.iam,s=this.held.get(o),a=s===
void 0?"dead":ko(s,i.now());if(s===void 0||a==="dead")return(await this.#e(o,r,n)).key;if(a==="fresh"||i.now()-this.failedAt<
JS)return s.key;try{return(await this.#e(o,r,le(n.signal,n.remaining()/2,n.retries))).key}catch(c){if(n.signal.aborted)throw c;
return this.#o(s,c),s.key}}async#e(e,n,r){let{chain:o}=this,i={get:()=>this.#t(n,r.signal),forget:o.forget.bind(o),explain:Af},
s=await Pe(r,wo(i,async({token:a})=>{let c=this.#n(J(a.reveal()),e),{held:u}=c;return u!==void 0&&ko(u,o.iam.clock.now())===
"fresh"?u:c.flight.join(r,async d=>{let f=await Ef(o.iam,a,n,d);return o.plan.cache!=="none"&&(c.held=f),f})}));return this.#r(
s,n),o.plan.cache!=="none"&&this.held.add(e,s),s}async#t(e,n){let{durationMs:r}=e,o=Math.min(Math.max(r+Cf,this.chain.plan.
policy.minRemainingMs),Hn-1),i=this.tokens.get(String(o))??this.tokens.add(String(o),this.tokensOf(o));try{return await i(
n)}catch(s){throw s instanceof Ie?new Ie(b`an access key dies with the token that asks for it, so there is none for ${T(
"duration")} of ${ae(r)}: ${s.text}`):s}}#n(e,n){let{plan:r,context:o,iam:i}=this.chain,{accessKeys:s}=o.session,a=J(JSON.
stringify([e,n,i.endpoints.identity,r.cache==="none"]));return s.get(a)??s.add(a,new So)}#r(e,{durationMs:n}){let{log:r,
spelling:o}=this.chain.context,{issuedAt:i,expiresAt:s}=e,a=ae(s-i),c=b`the access key that IAM gave lives only ${a}: it dies with the token that asked for it.`;
if(ko(e,this.chain.iam.clock.now())==="dead")throw new Ie(c);s-i<n-Cf&&r.warn(ye(c,o))}#o(e,n){let{log:r,spelling:o}=this.
chain.context,i=this.chain.iam.clock.now(),s=n instanceof se?n.text:`an unexpected ${ot(n)}.`,a=ae(e.expiresAt-i);r.warn(
ye(b`could not renew the access key; the old one is used, ${a} are left of it: ${s}`,o)),this.failedAt=i}};l();l();j();D();H();function If(t,e,n){let r=new Se,o;return{...t,http:async i=>{let s=le(i.signal,i.timeoutMs);return o??=await r.join(
s,a=>VS({context:t,file:e,from:n},a)),t.http({...i,ca:o})}}}async function VS({context:t,file:e,from:n},{signal:r,remaining:o}){
let i=c=>{throw new N(b`the file of ${n}, ${Oe(e)}, ${c}.`,"caFile")},s={signal:r,timeoutMs:o()},a=await t.files.read(e,
s).catch(c=>i(`cannot be read (${c.code??"unknown error"})`));return/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.
test(a)?a:i("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----")}rt();l();j();D();H();l();xe();H();function Nf({token:{token:t,...e},askedAt:n,offsetMs:r}){return JSON.stringify({...e,token:t.reveal(),askedAt:n,
offsetMs:r})}function Pf(t){let{token:e,expiresAt:n,issuedAt:r,subjectId:o,askedAt:i,offsetMs:s}=ce(t)??{};if(!(typeof e!=
"string"||e===""||!Js(n)||!Js(i)))return{askedAt:i,offsetMs:typeof s=="number"&&Number.isFinite(s)?s:0,token:{token:new $(
e),expiresAt:n,...Js(r)?{issuedAt:r}:{},...typeof o=="string"?{subjectId:o}:{}}}}function Js(t){return typeof t=="number"&&
Number.isFinite(t)&&t>0}l();var Ao=6e4;function To({token:t,askedAt:e},n,r){let o=r-e,i=o>-Ao&&o<n.refreshAfterMs;if(t.expiresAt===void 0)return i?"\
fresh":"dead";let s=t.expiresAt-r;return s<=0||s<n.minRemainingMs||s>Xe+Ao?"dead":i?"fresh":"usable"}function $f(t,e,n){
if((t.token.expiresAt??0)>n+Xe+Ao)return e;if(e.askedAt<Math.min(t.askedAt,n))return t;let[r,o]=[t.token.expiresAt,e.token.
expiresAt];return r!==void 0&&o!==void 0&&r>o+Ao?{...t,askedAt:e.askedAt}:e}var _o=class{constructor(){this.flight=new Se;this.failedAt=-1/0}},zS=15e3,Oo=class{constructor(e,n){this.source=e;this.
keeping=n;this.id=e.id,e.material!==void 0&&(this.material=e.material)}async token(e){return(await this.hold(e)).token}fresh(e){
let{holder:n,cache:r,policy:o}=this.keeping,{held:i}=n;return i!==void 0&&r!=="none"&&To(i,o,e)==="fresh"?i:void 0}async hold(e){
e.signal.throwIfAborted();let{holder:n,cache:r}=this.keeping;if(n.held!==void 0&&r!=="none"){let o=this.#e(n.held);if(o===
"fresh"||o==="usable"&&this.isPausing())return n.held}try{for(;;){let o=!1,i=n.held===void 0?e:this.#t(e),{held:s,minted:a}=await n.
flight.join(i,u=>(o=!0,this.#n(u))),c=this.#e(s);if(!(!o&&!a&&c!=="fresh")){if(c==="dead")throw this.#s(s);return s}}}catch(o){
if(e.signal.aborted)throw o;return this.insteadOf(o)}}insteadOf(e){let{holder:n,clock:r,log:o,spelling:i,policy:s,cache:a}=this.
keeping,{held:c}=n,u=r.now();if(c?.token.expiresAt===void 0||a==="none")throw e;let d=e instanceof se?e.text:`an unexpec\
ted ${ot(e)}.`,f=ae(c.token.expiresAt-u);if(this.#e(c)!=="dead"){let p=b`could not renew the IAM token; the old one is used, ${f} are left of it: ${d}`;
return this.isPausing()||(o.warn(ye(p,i)),n.failedAt=u),c}throw c.token.expiresAt<=u||e instanceof Ie?e:new Ie(b`the token could not be renewed, and the old one lives only ${f} more; ${T(
"minRemainingValidity")} asks for ${ae(s.minRemainingMs)}. The renewal failed: ${d}`)}usable(){let{holder:e,cache:n}=this.
keeping,{held:r}=e;return r!==void 0&&n!=="none"&&this.#e(r)!=="dead"?r:void 0}isPausing(){let e=this.keeping.clock.now()-
this.keeping.holder.failedAt;return e>=0&&e<zS}#e(e){return To(e,this.keeping.policy,this.keeping.clock.now())}#t(e){let{
holder:n,cache:r}=this.keeping;return n.held!==void 0&&r!=="none"&&this.#e(n.held)!=="dead"?le(e.signal,e.remaining()/2,
e.retries):e}async#n(e){let{store:n,identity:r,cache:o,log:i}=this.keeping,{material:s}=this;if(n===void 0||s===void 0||
o!=="disk")return this.#o(e);let a={identity:r,material:s,log:i},c=await this.#r(n,a);if(c!==void 0)return c;let u=this.
keeping.holder.held===void 0?e:this.#t(e),d={signal:e.signal,waitMs:u.remaining()/2},f=await n.lock(a,d);try{let p=await this.#r(
n,a);if(p!==void 0)return p;let g=await this.#o(u),{token:S}=g.held,y=Nf({...g.held,offsetMs:this.keeping.clock.offsetMs});
return S.expiresAt!==void 0&&!this.keeping.isDead(S.token)&&await n.save(a,y,S.token),g}finally{await f?.()}}async#r(e,n){
let{clock:r,policy:o}=this.keeping,i=await e.load(n),s=i===void 0?void 0:Pf(i);if(s===void 0||this.keeping.isDead(s.token.
token)||(r.presume(s.offsetMs),To(s,{...o,minRemainingMs:0},r.now())==="dead"))return;let a=this.#i({token:s.token,askedAt:s.
askedAt});return this.#e(a)==="fresh"?{held:a,minted:!1}:void 0}async#o(e){let{clock:n,log:r}=this.keeping;e.signal.throwIfAborted();
let o=await this.source.token(e);return e.signal.throwIfAborted(),XS(o,this.id),r.debug("got a new IAM token",{credential:QS(
this.id)}),{held:this.#i({token:o,askedAt:n.now()}),minted:!0}}#i(e){let{holder:n,clock:r,cache:o}=this.keeping;return o===
"none"||this.keeping.isDead(e.token.token)?e:n.held=n.held===void 0?e:$f(n.held,e,r.now())}#s({token:e}){let{clock:n,policy:r}=this.
keeping,o=ae((e.expiresAt??0)-n.now());return new Ie(b`the newest token that can be had lives only ${o} more; ${T("minRe\
mainingValidity")} asks for ${ae(r.minRemainingMs)}. A token lives at most 12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.`)}};
function XS({token:t,expiresAt:e=0,issuedAt:n=0},r){if(!(Number.isFinite(e)&&Number.isFinite(n)&&t instanceof $&&Ht(t.reveal())))
throw new v(b`${r.split(" ")[0]} gave what is no token: it is empty, too long, has a character that no token has, or dies at no time. Mend the resolver.`)}
function QS(t){return t.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g,"$1")}j();D();l();j();D();var Lf="impersonate.serviceAccountId";function Mf(t,e,n,r){return{id:`${t.id} as ${e}`,...t.material===void 0?{}:
{material:t.material},token:async o=>wo({get:()=>t.token(o),forget:r,explain:ZS},i=>n.impersonate(i.token,e,o))}}function ZS(t){
if(!(t instanceof v))return t;let{status:e}=t.reply,n=e===403?" The caller needs the role iam.serviceAccounts.tokenCreat\
or on that account or its folder.":e===401?" The caller's own token is dead: it was revoked or has expired. Get a new on\
e.":"";return new v(b`cannot impersonate the service account of ${T(Lf)}: ${t.text}${n}`,Lf,t.reply)}l();j();D();H();async function jf(t,e){return(await Promise.all(t.map(r=>ek(r,e)))).flat()}async function ek(t,e){let n=await e.
loadModule(t).catch(o=>{let{code:i,name:s}=o??{};throw new N(b`${T("resolverModules")} names ${Oe(t)}, which cannot be loaded (${String(
i??s)}). A path is taken from the current folder; a package must be installed there.`,"resolverModules")}),r=Df(n);if(r.
length===0)throw new N(b`${T("resolverModules")} names ${Oe(t)}, which exports no resolver made by defineResolver.`,"res\
olverModules");return r.forEach(Vs),r}var tk=3;function Df(t,e=0){if(typeof t!="object"||t===null)return[];if(nk(t))return[
t];if(e>tk)return[];let n=Object.values(t).flatMap(r=>Df(r,e+1));return[...new Set(n)]}function nk(t){return typeof t=="\
object"&&t!==null&&"resolve"in t&&"name"in t}function Vs(t){let{name:e,summary:n,options:r,resolve:o}=t??{};if(!(typeof e==
"string"&&/^[a-z][A-Za-z0-9]*$/.test(e)&&typeof n=="string"&&typeof r=="object"&&r!==null&&typeof o=="function"))throw new N(
b`${T("resolvers")} has an object that is no resolver. Make it with defineResolver({ name, summary, options, resolve }), with a name in camelCase.`,
"resolvers")}l();function G(t,e){return{unavailable:!0,reason:t,remedy:e}}function Ot(t){return"unavailable"in t}var xo=class{constructor(e,n){this.plan=e;let{authorities:r,endpoints:o}=e;this.context=r===void 0?n:If(n,r.file,r.from);
let{clocks:i}=n.session,{identity:s}=o,a=i.get(s)??i.add(s,new bo(n.now,n.monotonic));this.iam=new yo(this.context,o,a)}async choose(e,n){
let r=[],o=n===void 0?this.plan.candidates??await this.candidates(e):[n];for(let i of o){let s=new Map,a=await this.open(
i,e,!1,s);if(!Ot(a))return{candidate:i,source:a,versions:s};let{reason:c,remedy:u}=a;if(n!==void 0)throw new q(b`the credential that gave tokens so far gives none any more: ${c}. To mend that: ${u}.`,
"unreachable");r.push({resolver:i.resolver.name,reason:c,remedy:u})}throw new so(r)}async candidates(e){let{modules:n,candidates:r,
candidatesWith:o}=this.plan;return r!==void 0?r:this.loaded??=o(await Pe(e,jf(n,this.context)))}isChanged(e){for(let[n,r]of e){
let o=this.context.files.version(n);if(o!==void 0&&o!==r)return!0}return!1}async open({resolver:e,named:n,only:r,read:o},i,s,a=new Map){
let{iam:c}=this,{files:u}=this.context,d={...u,read:async(I,L)=>(a.set(I,u.version(I)),u.read(I,L))},f={...this.context,
files:d},{values:p,source:g,isFromVariable:S}=o,y={options:p,source:g,isFromVariable:S,context:f,iam:c,named:n,only:r,dryRun:s,
call:i},w=await e.resolve(y);if(Ot(w))return w;let{policy:k,impersonate:A,timeoutMs:_}=this.plan;if(A===void 0)return this.#e(
w,k);let C=this.#e(w,{...k,minRemainingMs:Math.min(k.minRemainingMs,_)});return this.#e(Mf(C,A,c,I=>this.forget(I)),k)}async forget(e){
this.context.session.forget(e),await this.context.store?.forget(e)}#e(e,n){let{log:r,spelling:o,session:i,store:s}=this.
context,{clock:a,endpoints:c}=this.iam,u=J(JSON.stringify([e.id,c.identity])),{cache:d}=this.plan,f=d==="none"?`${u} non\
e`:u,S={holder:i.holders.get(f)??i.holders.add(f,new _o),clock:a,policy:n,identity:u,cache:d,isDead:y=>i.isDead(y),log:r,
spelling:o};return new Oo(e,s===void 0?S:{...S,store:s})}};l();j();D();rt();async function qf(t,e,n){let r=[],o=!1;for(let s of await t.candidates(e)){let a=o?rk(s):await ok(t,s,e,n);o||=a.outcome!==
"unavailable",r.push(a)}let i=r.find(({outcome:s})=>s==="used")?.resolver;return{resolvers:r,verified:n,...i===void 0?{}:
{chosen:i}}}function rk({resolver:t}){return{resolver:t.name,outcome:"notTried",reason:"an earlier resolver settled it",
durationMs:0}}async function ok(t,e,n,r){let{spelling:o}=t.context,i=V(),s=(a,c,u)=>({resolver:e.resolver.name,outcome:a,
...c===void 0?{}:{reason:ye(c,o)},...u===void 0?{}:{remedy:ye(u,o)},durationMs:Math.round(V()-i)});try{let a=await t.open(
e,n,!r);return Ot(a)?s("unavailable",a.reason,a.remedy):(r&&await a.hold(n),s("used"))}catch(a){return n.signal.throwIfAborted(),
a instanceof se?s("failed",a.text,ik(a)):s("failed",`it threw an unexpected ${ot(a)}`,"report this defect to who made th\
e resolver")}}function ik(t){return t instanceof N||t instanceof v?"mend this credential, or take it away so that the ne\
xt resolver is tried":"find out why the service cannot be used, then try again"}l();j();xe();D();H();function Ff(t,e,n){let{resolvers:r}=t,{resolvers:o,own:i}=Array.isArray(r)?sk(r):{resolvers:r,own:[]},s={};for(let p of Object.
keys(nt))s[p]=p==="resolvers"?o:t[p];let a=_t("",nt,s,e);Of(a);let c={..._f,...a.values},{caFile:u,resolverModules:d=[]}=c,
f={config:t,env:e,settings:a,all:[...n,...i]};return Object.freeze({policy:{minRemainingMs:c.minRemainingValidity,refreshAfterMs:c.
refreshAfter},timeoutMs:c.timeout,retries:c.retries,cache:c.cache,endpoints:gf(a.values,a.source),impersonate:zs(Vt,t,e).
values.serviceAccountId,...u===void 0?{}:{authorities:{file:u,from:a.source("caFile")}},modules:d,...d.length>0?{}:{candidates:Uf(
f)},candidatesWith:p=>Uf({...f,all:[...f.all,...p]})})}function sk(t){let e=r=>typeof r=="object"&&r!==null,n=t.filter(e);
return n.forEach(Vs),{resolvers:t.map(r=>e(r)?r.name:r),own:n}}function Uf({config:t,env:e,settings:n,all:r}){let o={};for(let f of r)
if((o[f.name]??=f)!==f)throw ak(f);Ys("",t,nt,o,{[Vt.name]:Vt});let i=[],s=[];for(let f of Object.values(o)){let p=(t[f.
name]??void 0)!==void 0;p&&i.push(f),(p||f.onlyWhenNamed!==!0)&&s.push(f)}let{resolvers:a}=n.values,c=i.length===1,u=a===
void 0?c?i:s:a.map(f=>ck(o,f,n.source("resolvers")));for(let f of i)u.includes(f)||zs(f,t,{});let d=[];for(let f of u){let p=a!==
void 0||i.includes(f),g=a===void 0?c:a.length===1;d.push({resolver:f,read:zs(f,t,e),named:p,only:g})}return d}function zs({
name:t,options:e},n,r){let o=n[t]??{};if(!be(o))throw Tf(t,e);return _t(t,e,o,r)}function ak({name:t}){return new N(b`two resolvers are named ${t}. Rename the one of your own.`,
"resolvers")}function ck(t,e,n){let r=e.replace(/[-_]([a-z])/g,(s,a)=>a.toUpperCase()),o=Object.hasOwn(t,r)?t[r]:void 0;
if(o!==void 0)return o;let i=Object.keys(t).join(", ");throw new N(b`${n} names ${qe(e)}, which is none of: ${i}.`,"reso\
lvers")}l();H();var Bf={token:{secret:!0,doc:"The IAM token."},authorizationHeader:{secret:!0,doc:"`Bearer ` and the token."},expiresAt:{
optional:!0,doc:"When the token dies: RFC 3339, UTC. Absent where its life is not known."},issuedAt:{optional:!0,doc:"Wh\
en it was got: RFC 3339, UTC. Absent for a token that was handed in ready."},refreshAt:{optional:!0,doc:"When a later ca\
ll would renew it: RFC 3339, UTC."},resolver:{doc:"Name of the resolver that answered, such as `serviceAccountKey`."},subjectId:{
optional:!0,doc:"Whose token it is: the id of a service account or a user. Absent where it is not known."},fingerprint:{
doc:"First 12 hex digits of the token's SHA-256: compares two places without showing a token."}};function Kf(t,e,n){let{
expiresAt:r,issuedAt:o,subjectId:i}=t;return{token:t.token,authorizationHeader:new $(`Bearer ${t.token.reveal()}`),...r===
void 0?{}:{expiresAt:Xs(r)},...o===void 0?{}:{issuedAt:Xs(o)},...n===void 0?{}:{refreshAt:Xs(n)},resolver:e,...i===void 0?
{}:{subjectId:i},fingerprint:Cu(t.token)}}function Xs(t){return new Date(t).toISOString()}l();l();j();xe();D();H();l();j();D();H();function ke(t,e,n){let r=i=>{throw new v(b`the token of ${e} ${i}`,n)},o=t.reveal().trim();return Ht(o)?new $(o):o===""?
r("is empty."):/[^\x21-\x7e]/.test(o)?r("has a line break, a space or another character that no token has. Was more than\
 the token copied?"):r(`is longer than ${Os} characters. Is it a token at all?`)}l();j();D();H();var Hf=200,lk=65536;async function vo(t,e,n){let{argv:r,env:o,name:i}=t,s=n.remaining(),a={signal:n.signal,timeoutMs:s,
...o===void 0?{}:{env:o}},c=await e.exec(r,a).catch(u=>{throw n.signal.throwIfAborted(),uk(u,t)});if(c.code===0)return c.
stdout;throw c.code===null?new q(b`${i} was ended: by a signal, or because it took more than ${ae(s)}. If it waits for someone to sign in, run it once by hand; if it is just slow, raise ${T(
"timeout")}.`,"timeout"):dk(c,t)}function uk(t,{argv:e,name:n,path:r}){let{code:o}=t,i=o==="EACCES"?b`${Oe(e[0])} may not be run by this user`:
o==="ERR_CHILD_PROCESS_STDIO_MAXBUFFER"?"it wrote more than 1 MiB":`it could not be run (${String(o)})`;return new v(b`${n} gave no token: ${i}.`,
r)}var fk=/\b(?:Unavailable|DeadlineExceeded|ResourceExhausted)\b/;function dk({code:t,stderr:e},{name:n,path:r,argv:o,secretArguments:i}){
let s=i===!0?o.slice(1).map(u=>new $(u)):[],a=pk(oo(e,s)),c=b`${n} failed with exit code ${String(t)}${a===""?" and said\
 nothing":`: ${a}`}`;return fk.test(e)?new q(c,"unreachable"):new v(c,r)}function pk(t){let e=Ze(t.slice(0,lk)).split(/[\r\n]+/).
map(r=>Ze(Et(r.replace(/\x1b\[[\d;]*m/g,"")))).filter(r=>r!==""),n=e.find(r=>/^error\b/i.test(r))??e[0]??"";return n.length<=
Hf?n:`${n.slice(0,Hf-1)}\u2026`}var it="command.argv",hk={argv:{kind:"stringList",secret:!0,doc:'The program and its arguments; it is run without a shel\
l and prints `{"token": "...", "expiresAt": "..."}`.'}},Yf={name:"command",summary:"Any program that prints a token as J\
SON; run only when it is named.",onlyWhenNamed:!0,options:hk,async resolve(t){let[e,...n]=t.options.argv??[];if(e===void 0)
return G("no command is given",b`set ${T(it)} to a program and its arguments`);let r=[e,...n];return{id:`command ${J(JSON.
stringify(r))}`,token:o=>mk(r,t,o)}}};async function mk(t,e,n){let{context:r}=e,[o,...i]=t,s=await r.which(o);if(s===void 0)
throw new v(b`${T(it)} names ${JSON.stringify(o.split(/\s/)[0])}, but there is no such program. Give its path, or put it on PATH; it is not run by a shell, so each argument is a word of its own.`,
it);let a=b`the program of ${T(it)}`,c={argv:[s,...i],name:a,path:it,secretArguments:!0};return yk(await vo(c,r,n),e)}function yk(t,{
iam:e}){let n=u=>{throw new v(b`the program of ${T(it)} ${u} It must print one JSON object, {"token": "...", "expiresAt": "2026-11-24T18:30:00Z"}, the latter if it is known.`,
it)},r=ce(t.reveal());if(r===void 0)return n(`printed no JSON object (${t.reveal().length} characters).`);let{token:o,expiresAt:i}=r;
if(typeof o!="string")return n("printed an object without a text `token`.");let s=ke(new $(o),"what the program printed",
it),a=e.clock.now();if(i==null)return{token:s,issuedAt:a};let c=Yt(i,a);return typeof c=="number"?{token:s,issuedAt:a,expiresAt:c}:
n(`${c}.`)}l();j();xe();D();H();var Ro="functionContext.token",Wf={name:"functionContext",summary:"The token that a Cloud Function with a service accoun\
t gets in its `context`.",options:{token:{kind:"secret",json:!0,doc:"`context.token` of the current invocation, or the w\
hole `context`: the object itself, or its JSON."}},async resolve({options:t,source:e,context:n,iam:r}){if(t.token===void 0)
return G("no function context is given",b`attach a service account to the function and set ${T(Ro)} to its context.token`);
let o=e("token"),i=gk(t.token,o),s=J(i.token.reveal()),a=wk(n,s,r.clock.now()+i.lifeMs),c=r.clock.now()-a;if(c>=0)throw bk(
o,c);return{id:`functionContext ${s}`,token:async()=>({token:i.token,expiresAt:a})}}};function gk(t,e){let n=c=>{throw new v(
b`${e} ${c}`,Ro)},r=ce(t.reveal());if(r===void 0)return n(b`is not the object that a function gets in context.token, nor its JSON. A bare token belongs in ${T(
"iamToken.token")}.`);let o=be(r.token)?r.token:r,{access_token:i,expires_in:s}=o;if(typeof i!="string"||i==="")return n(
"has no access_token: is a service account attached to the function?");let a=no(s,0);return typeof a=="string"?n(`${a}, \
so nobody can tell whether the token still lives. Pass the object whole.`):{token:ke(new $(i),e,Ro),lifeMs:a}}function wk(t,e,n){
let{contextEnds:r}=t.session,o=r.get(e)??r.add(e,{expiresAt:n});return o.expiresAt=Math.min(o.expiresAt,n),o.expiresAt}function bk(t,e){
return new v(b`the token in ${t} died ${ae(e)} ago. A context belongs to one invocation: pass that of the current one, and keep none outside the handler. A prepared instance may be handed an old one by the platform itself; there, use ${T(
"instanceMetadata")}.`,Ro)}l();j();D();var Gf={name:"iamToken",summary:"A ready IAM token, such as the one that `yc iam create-token` prints. It is never renew\
ed.",options:{token:{kind:"secret",env:["YC_IAM_TOKEN",{name:"YC_TOKEN",when:t=>!eo(t.trim()),note:"when it has the shap\
e of an IAM token"}],doc:"The token itself."},expiresAt:{kind:"string",env:["YCIAM_IAM_TOKEN_EXPIRES_AT"],doc:"When it d\
ies, in RFC 3339 with a zone. Without it no life is promised. The variable tells of a token in a variable alone."}},async resolve({
options:t,source:e,isFromVariable:n,iam:r}){if(t.token===void 0)return G("no token is given",b`set ${e("token")} or YC_IAM_TOKEN`);
let o=e("token"),i=ke(t.token,o,"iamToken.token");if(o==="YC_TOKEN"&&!to(i.reveal()))throw new v(b`YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.`,
"iamToken.token");let s=xs(t.expiresAt);if(t.expiresAt!==void 0&&s===void 0)throw new v(b`${e("expiresAt")} is not a time such as 2026-11-24T18:30:00Z.`,
"iamToken.expiresAt");let c=n("expiresAt")&&!n("token")?void 0:s;if(c!==void 0&&c<=r.clock.now())throw new v(b`the token of ${o} has expired (${e(
"expiresAt")}). Get a new one.`,"iamToken.token");return{id:`iamToken ${J(i.reveal())} ${c??""}`,token:async()=>({token:i,
...c===void 0?{}:{expiresAt:c}})}}};l();D();l();l();var Co=class{constructor(){this.isThere=!1;this.flight=new Se}},Io=class{constructor(){this.holders=new ue(1e3);this.accessKeys=
new ue(1e3);this.clocks=new ue(100);this.addresses=new Map;this.metadata=new ue(100);this.contextEnds=new ue(1e3);this.isOauthTold=
!1;this.dead=new ue(1e3)}isDead(e){return this.dead.get(J(e.reveal()))===!0}forget(e){this.dead.add(J(e.reveal()),!0);for(let n of this.
holders.values())n.held?.token.token.reveal()===e.reveal()&&(n.held=void 0)}};rt();j();D();var Vf="/computeMetadata/v1/instance/service-accounts/",Sk={"Metadata-Flavor":"Google"},kk=500,Ek=5e3,Qs="Y\
C_METADATA_ADDR",No="169.254.169.254";function Zs(t,e){let n=URL.canParse(`http://${t}/`)?new URL(`http://${t}/`):void 0;
if(n?.pathname==="/"&&n.username===""&&n.search===""&&n.hash===""&&!t.includes("/"))return t;throw new N(b`${e} is not an address: write host or host:port, without a scheme or path.`,
"instanceMetadata.address")}function zf({env:t}){let e=(t[Qs]??"").trim();return{address:e===""?No:Zs(e,Qs),setting:Qs}}
async function Po(t,e){let{context:n,call:r,only:o,dryRun:i}=t,{session:s,monotonic:a=V}=n,{metadata:c}=s,u=c.get(e.address)??
c.add(e.address,new Co),d=`instanceMetadata ${e.address}`,f={context:n,clock:t.iam.clock,service:e};if(u.isThere&&!i)return{
id:d,token:y=>Jf(f,y)};let{absence:p}=u;if(!o&&p!==void 0&&a()-p.at<Ek)return G(p.reason,p.remedy);let g=o?f:{...f,connectTimeoutMs:kk},
S=o?r:{...r,retries:0};try{i&&await Tk(g,S);let y=i?void 0:await u.flight.join(S,w=>Xf(g,w));return u.isThere=!0,{id:d,token:Ak(
y,w=>Jf(f,w))}}catch(y){y instanceof q&&y.reply.isMetadata===!0&&(u.isThere=!0);let w=y instanceof $e?y.answer:Ok(y,e);if(w===
void 0||r.signal.aborted)throw y;return u.absence={...w,at:a()},w}}function Ak(t,e){let n=t;return async r=>{let o=n??await e(
r);return n=void 0,o}}var $e=class extends Error{constructor(n){super("no token of the metadata service");this.answer=n}};
async function Tk(t,e){if((await Qf(t,Vf,e)).body.reveal().trim()==="")throw new $e(ed())}async function Xf(t,e){let n=await Qf(
t,`${Vf}default/token`,e),r=Bs(n,t.clock,"the metadata service's reply");if(r.token.reveal().startsWith("ya29."))throw new $e(
ea(t.service));return r}async function Jf(t,e){try{return await Xf(t,e)}catch(n){if(!(n instanceof $e))throw n;let{reason:r,
remedy:o}=n.answer;throw new q(b`the credential that gave tokens so far gives none any more: ${r}. To mend that: ${o}.`,
"reply")}}async function Qf({context:t,service:e,connectTimeoutMs:n},r,o){let{signal:i,retries:s}=o;try{let a=await t.http(
{method:"GET",url:`http://${e.address}${r}`,headers:Sk,signal:i,timeoutMs:o.remaining(),retries:s,...n===void 0?{}:{connectTimeoutMs:n}});
if(a.headers["metadata-flavor"]==="Google")return a}catch(a){throw _k(a,e)}throw new $e(ea(e))}function _k(t,e){if(!(t instanceof
q))return t;let{status:n=0,isMetadata:r=!1}=t.reply;if(n===404)return new $e(ed());if(n===400)return new $e(xk());let o=n>=
300&&n<500&&![408,429].includes(n);return!r&&(t.failure==="reply"||o)?new $e(ea(e)):t}function Ok(t,e){return t instanceof
q&&t.failure==="unreachable"?G(`nothing answers at ${e.address}`,Zf(e)):void 0}function ea(t){return G(`${t.address} ans\
wers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,Zf(
t))}function Zf({setting:t}){return b`run where a service account is attached, or set ${t}`}function ed(){return G("no s\
ervice account is attached to this instance","attach a service account to it")}function xk(){return G("the metadata serv\
ice's token option is disabled for this instance (HTTP 400)","enable gce_http_endpoint and gce_http_token in the instanc\
e's metadata options")}var td={name:"instanceMetadata",summary:"The service account attached to this VM, container, function or Kubernetes pod.",
options:{address:{kind:"string",env:["YC_METADATA_ADDR"],default:No,doc:"Address of the metadata service, `host[:port]`."}},
resolve:async t=>{let e=Zs(t.options.address??No,t.source("address")),n=b`${T("instanceMetadata.address")} or YC_METADATA_ADDR`;
return Po(t,{address:e,setting:n})}};l();D();l();function $o(t,{context:e,iam:n}){return vk(e),{id:`oauthToken ${J(t.reveal())}`,material:t,token:r=>n.exchangeOauthToken(
t,r)}}function vk(t){if(t.session.isOauthTold)return;t.session.isOauthTold=!0;let e=["serviceAccountKey","workloadIdenti\
ty","ycCli"].map(n=>t.spelling(n)).join(", ");t.log.warn(`OAuth tokens of Yandex accounts are being closed: those made s\
ince 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of ${e} instead.`)}var nd={name:"oauthToken",summary:"The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 20\
26, all by the end of 2026.",options:{token:{kind:"secret",env:["YC_OAUTH_TOKEN",{name:"YC_TOKEN",when:t=>eo(t.trim()),note:"\
when it has the shape of an OAuth token"}],doc:"The token itself."}},async resolve({options:t,source:e,context:n,iam:r}){
if(t.token===void 0)return G("no OAuth token is given",b`set ${T("oauthToken.token")} or YC_OAUTH_TOKEN, or better a credential that lasts`);
let o=ke(t.token,e("token"),"oauthToken.token");return $o(o,{context:n,iam:r})}};l();j();l();j();D();l();var id=require("node:crypto");j();xe();D();H();function sd(t,e,n){let r=u=>{throw new v(b`${ge(e)}: ${u}.`,n)},o=t instanceof $?Fs(t.reveal()):t;if(o===void 0)throw Rk(
e,n);if(!be(o))return r("the key must be a JSON object");let i=be(o.key)?{...o,...o.key}:o,s=Lo(i,"private_key","private\
Key"),a=Lo(i,"id","accessKeyId","access_key_id"),c=Lo(i,"service_account_id","serviceAccountId","user_account_id","userA\
ccountId");return s===void 0?r(Ck(i)):a===void 0?r(`the field \`id\` (the key's id) ${rd}`):c===void 0?r(`the field \`ser\
vice_account_id\` ${rd}`):{id:a,subjectId:c,...Ik(s,r)}}function Rk(t,e){return new v(b`${ge(t)} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
e)}var rd="is missing or not a string. Take the whole file that `yc iam key create` wrote";function Lo(t,...e){for(let n of e){
let r=t[n];if(typeof r=="string"&&r.trim()!=="")return r}}function Ck(t){return Lo(t,"encrypted_private_key","encryptedP\
rivateKey")!==void 0?"the field `private_key` is empty: the key was made with `pgp_key`, which leaves only the encrypted\
 one. Decrypt it first":t.output_to_lockbox!==void 0?"the field `private_key` is empty: the key was written to Lockbox. \
Read it from there":"the field `private_key` is missing or not a string. Yandex Cloud shows it only once, when the key i\
s made: make a new key if it is lost"}function Ik(t,e){let n=t.indexOf("-----BEGIN"),r=(n>0?t.slice(n):t).replaceAll("\\n",
`
`);if(r.startsWith("-----BEGIN PUBLIC KEY")||r.startsWith("-----BEGIN RSA PUBLIC KEY"))return e("the field `private_key`\
 holds the public key. Put the private one there");if(/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(r))return e(
"the field `private_key` is under a passphrase, which no key of Yandex Cloud is. Take it off, or take the file that `yc \
iam key create` wrote");let o=Nk(r)??e("the field `private_key` is not a private key in PEM form"),{privateKey:i}=o;return i.
asymmetricKeyType!=="rsa"?e(`the field \`private_key\` is of type ${i.asymmetricKeyType}. Yandex Cloud takes RSA keys of\
 2048 or 4096 bits`):(i.asymmetricKeyDetails?.modulusLength??0)<2048?e("the field `private_key` is an RSA key of less th\
an 2048 bits. Yandex Cloud takes 2048 or 4096 bits"):o}var od=new ue(16);function Nk(t){let e=J(t);try{let n=od.get(e);if(n!==
void 0)return n;let r=(0,id.createPrivateKey)(t),o=new $(r.export({type:"pkcs8",format:"pem"}).toString());return od.add(
e,{privateKey:r,material:o})}catch{return}}function zt(t,e,n,r){let o=sd(t,e,n);return{id:`serviceAccountKey ${o.subjectId} ${o.id} ${J(o.material.reveal())}`,material:o.
material,token:async i=>{try{return await r.exchangeKey(o,i)}catch(s){throw mo(Pk(s,o,e,n),o.subjectId,r.endpoints)}}}}function Pk(t,e,n,r){
return t instanceof v?new v(b`${ge(n)}: ${t.text} This is about the key ${e.id} of the account ${e.subjectId}: does it still exist, and is it the account's own?`,
r,t.reply):t}D();H();l();j();D();H();var ta="there is no such file",ad={ENOENT:ta,ENOTDIR:ta,EACCES:"this user may not read it",EPERM:"this u\
ser may not read it",EISDIR:"it is a folder",EFBIG:"it is larger than 1 MiB, so it is no credential",ETIMEDOUT:"it is a \
pipe, and no program wrote to it and closed it in the time allowed",EAGAIN:"it is a terminal or another device, and no f\
ile"};async function xt(t,e,{context:n,call:r}){try{let o={signal:r.signal,timeoutMs:r.remaining()*9/10};return new $(await n.
files.read(t,o))}catch(o){r.signal.throwIfAborted();let i=String(o.code);throw new Mo(i,t,e)}}async function Xt(t,e,n){try{
return await xt(t,e,n)}catch(r){if(r instanceof Mo&&ad[r.fileCode]===ta)return;throw r}}var Mo=class extends v{constructor(n,r,{
from:o,option:i}){let s=ad[n]??`it cannot be read (${n})`;super(b`${ge(o)} names ${Oe(r)}, but ${s}.`,i);this.fileCode=n}};l();async function zh(t){let e=t.reveal();if(!/^\s*private_?key\s*:/im.test(e))return;let{parseDocument:n}=await Promise.resolve().then(()=>Q(Mc())),
r=n(e,{prettyErrors:!1,logLevel:"silent"});try{return r.errors.length>0?void 0:r.toJS()}catch{return}}var Xh={name:"serviceAccountKey",summary:"An authorised key of a service account: the JSON file that `yc iam key create`\
 writes.",options:{file:{kind:"path",secret:!0,env:["YC_SERVICE_ACCOUNT_KEY_FILE"],doc:"Path of the key file, or the JSO\
N itself; `~` is the home folder, and a pipe such as `<(...)` is read to its end."},json:{kind:"secret",json:!0,doc:"The\
 key file's content, as text or as the object itself."}},async resolve(t){let{options:e,source:n,isFromVariable:r,iam:o}=t,
{file:i,json:s}=e;if(s!==void 0&&i!==void 0&&!r("file"))throw new v(b`give ${T("serviceAccountKey.file")} or ${T("servic\
eAccountKey.json")}, not both.`,"serviceAccountKey");if(s!==void 0)return zt(s,()=>n("json"),"serviceAccountKey.json",o);
if(i===void 0)return G("no authorised key is given",b`set ${T("serviceAccountKey.file")}, ${T("serviceAccountKey.json")} or YC_SERVICE_ACCOUNT_KEY_FILE`);
if(i.trimStart().startsWith("{"))return zt(new $(i),()=>n("file"),"serviceAccountKey.file",o);let c=await xt(i,{from:()=>n(
"file"),option:"serviceAccountKey.file"},t),d=c.reveal().trimStart().startsWith("{")?c:await zh(c)??c;return zt(d,()=>b`${n(
"file")} (${i})`,"serviceAccountKey.file",o)}};l();j();D();l();j();D();H();var Li="ACTIONS_ID_TOKEN_REQUEST_URL",jc="ACTIONS_ID_TOKEN_REQUEST_TOKEN",Qh="GitHub's reply to the request for an OIDC \
token",Mi="give the job `permissions: id-token: write`";function Zh({env:t}){let e=(t[Li]??"").trim(),n=(t[jc]??"").trim();
if(!(e===""&&n==="")){if(e===""||n===""){let[r,o]=e===""?[jc,Li]:[Li,jc];throw new v(`${r} is set but ${o} is not: GitHu\
b Actions sets both. Pass both on to this step.`,"workloadIdentity")}return{url:Rs(e,Li,"workloadIdentity"),token:new $(
n)}}}async function em(t,e,{context:n,call:r}){let o=new URL(t.url);e!==void 0&&o.searchParams.set("audience",e);let i=await n.
http({method:"GET",url:o.href,headers:{authorization:new $(`Bearer ${t.token.reveal()}`)},signal:r.signal,timeoutMs:r.remaining(),
retries:r.retries}).catch(a=>{throw aO(a)}),{value:s}=Ue(i,Qh);if(typeof s!="string"||s==="")throw Ne(i,Qh,"has no value");
return new $(s)}function aO(t){return!(t instanceof q)||![400,401,403,404].includes(t.reply.status??0)?t:new v(b`GitHub gave no OIDC token: ${t.
text} To mend it, ${Mi}.`,"workloadIdentity",t.reply)}l();j();xe();D();H();var tm=16384,nm=/^[-\w]+\.([-\w]+)\.[-\w]+$/;function ji(t,e,n){let r=t.reveal().trim(),o=i=>{throw new v(
b`${e} ${i}`,n)};return r===""?o("holds no OIDC token: it is empty."):r.length>tm?o(`is longer than ${tm} characters, so\
 it is no OIDC token.`):nm.test(r)?new $(r):o("holds no OIDC token: that is a JWT, three parts with dots between them.")}
function rm(t,e){let n=cO(t);if(n===void 0)return"";let{iss:r,sub:o,aud:i,exp:s}=n,a=Object.entries({issuer:r,subject:o,
audience:i}).flatMap(([u,d])=>{let f=[d].flat().filter(p=>typeof p=="string");return f.length===0?[]:[`${u} ${f.map(lO).
join(", ")}`]}),c=typeof s=="number"&&s*1e3<=e?["it has expired"]:[];return[...a,...c].join(", ")}function cO(t){let e=nm.
exec(t.reveal())?.[1]??"";return ce(Buffer.from(e,"base64url").toString("utf8"))}function lO(t){return t.replace(/[^\x21-\x7e]/g,
"?").slice(0,200)}var Er="workloadIdentity",Di="/var/run/secrets/tokens/yc-wif/token",uO={serviceAccountId:{kind:"string",env:["YC_WIF_SA_\
ID"],doc:"Id of the service account that the external identity acts as."},tokenFile:{kind:"path",env:["YC_WIF_TOKEN_FILE"],
default:Di,doc:"File with the OIDC token, read again at every exchange; the default counts only where it exists."},token:{
kind:"secret",env:["YCIAM_WORKLOAD_IDENTITY_TOKEN"],doc:"The OIDC token itself, such as GitLab's `id_tokens` put in a va\
riable."},githubAudience:{kind:"string",env:["YCIAM_WORKLOAD_IDENTITY_GITHUB_AUDIENCE"],doc:"Audience asked of GitHub Ac\
tions, where the token comes from ACTIONS_ID_TOKEN_REQUEST_URL; GitHub's default is the owner's URL."}},im={name:Er,summary:"\
An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token.",options:uO,async resolve(t){
let{serviceAccountId:e}=t.options;if(e===void 0)return fO(t);let n=dO(e,t.source("serviceAccountId")),r=await pO(t);return t.
iam.authRoot(),t.dryRun&&await r.check(),{id:`workloadIdentity ${n} ${r.id}`,token:async o=>{let i=await r.read(o);return t.
iam.exchangeSubjectToken(i,n,o).catch(s=>{throw bO(s,i,n,t)})}}}};function fO({options:t,source:e,context:n}){let r=["to\
ken","tokenFile","githubAudience"].find(i=>t[i]!==void 0);if(r!==void 0)throw new v(b`${e(r)} is set, but not whose token is wanted: set ${T(
"workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID to the id of a service account.`,"workloadIdentity.serviceAccountI\
d");let o=(n.env.ACTIONS_ID_TOKEN_REQUEST_URL??"")!=="";return G(o?"this job of GitHub Actions may ask for OIDC tokens, \
but no service account is named":"no service account is named to exchange an OIDC token for",b`set ${T("workloadIdentity\
.serviceAccountId")} or YC_WIF_SA_ID`)}function dO(t,e){if(/^[-\w]{1,50}$/.test(t))return t;throw new N(b`${e} is not the id of a service account: letters and digits, 50 at most, such as aje0123456789abcdefg.`,
"workloadIdentity.serviceAccountId")}async function pO(t){hO(t);let e=mO(t)??gO(t)??await yO(t);if(e===void 0)throw wO(t);
return e}function hO({options:t,source:e}){if(/[^\x21-\x7e]/.test(t.githubAudience??""))throw new N(b`${e("githubAudienc\
e")} has a space or another character that no audience has.`,"workloadIdentity.githubAudience")}function mO(t){let{options:e,
source:n,isFromVariable:r}=t,{token:o,tokenFile:i}=e,s=a=>!r(a);if(o===void 0)return i===void 0?void 0:Dc(i,n("tokenFile"),
t);if(i===void 0)return om(o,t);if(s("token")===s("tokenFile"))throw new v(b`${n("token")} and ${n("tokenFile")} are both set. Leave one of them out.`,
Er);return s("token")?om(o,t):Dc(i,n("tokenFile"),t)}async function yO(t){if(t.options.githubAudience!==void 0)return;let e=T(
"workloadIdentity.tokenFile");return await Xt(Di,{from:e,option:Er},t)===void 0?void 0:Dc(Di,e,t)}function om(t,{source:e}){
let n=ji(t,e("token"),"workloadIdentity.token");return{id:`token ${J(n.reveal())}`,read:async()=>n,check:async()=>{}}}function Dc(t,e,{
context:n,call:r}){let o=async i=>{let s=await xt(t,{from:e,option:"workloadIdentity.tokenFile"},{context:n,call:i});return ji(
s,b`the file of ${e} (${t})`,"workloadIdentity.tokenFile")};return{id:`file ${t}`,read:o,check:async()=>{await o(r)}}}function gO({
options:t,context:e}){let n=Zh(e);if(n===void 0)return;let r=t.githubAudience;return{id:`github ${r??""} ${J(n.token.reveal())}`,
read:async o=>{let i=await em(n,r,{context:e,call:o});return ji(i,"GitHub's reply",Er)},check:async()=>{}}}function wO({
source:t,context:e,options:n}){let o=e.env.GITHUB_ACTIONS==="true"||n.githubAudience!==void 0?b`In GitHub Actions, ${Mi}`:
b`Set ${T("workloadIdentity.tokenFile")}, YC_WIF_TOKEN_FILE or ${T("workloadIdentity.token")}; in a pod, mount a projected token at ${Di}; in GitHub Actions, ${Mi}`,
i=n.githubAudience===void 0?"serviceAccountId":"githubAudience";return new v(b`${t(i)} is set, but there is no OIDC token to exchange. ${o}.`,
"workloadIdentity")}function bO(t,e,n,{iam:r}){if(!(t instanceof v))return t;let o=rm(e,r.clock.now()),i=o===""?"":` The\
 OIDC token says: ${o}.`,s=new v(b`${t.text}${i} A federation must trust this issuer and audience, and a federated credential must bind exactly this subject to the service account ${n}.`,
Er,t.reply);return mo(s,n,r.endpoints)}l();j();D();H();l();var sm=require("node:path");j();xe();D();H();function qi({home:t}){return(0,sm.join)(t,".config","yandex-cloud","con\
fig.yaml")}async function am(t,e){let{LineCounter:n,parseDocument:r,visit:o}=await Promise.resolve().then(()=>Q(Mc())),i=new n,
s=r(t.reveal(),{lineCounter:i,prettyErrors:!1,logLevel:"silent"}),a=(d,f)=>{let{line:p}=i.linePos(d);throw new v(b`${e} is not valid YAML: line ${p} (${f}). Mend it, or write it anew with \`yc init\`.`,
"ycProfile.configFile")},[c]=s.errors;if(c!==void 0)return a(c.pos[0],c.code);let u=new Set;return o(s,{Alias:(d,{source:f,
range:p})=>{u.has(f)||a(p?.[0]??0,"UNKNOWN_ALIAS")},Value:(d,{anchor:f})=>{f!==void 0&&u.add(f)}}),SO(kO(s),e)}function SO(t,e){
if(t===null)return{profiles:{}};let n=be(t)?t:void 0,r=n?.profiles??{};if(n===void 0||!be(r))throw new v(b`${e} is not a configuration of yc: it must be a mapping with \`current\` and \`profiles\`.`,
"ycProfile.configFile");let o=n.current,i=Object.entries(r).map(([s,a])=>[s,be(a)?a:{}]);return{profiles:Object.fromEntries(
i),...typeof o=="string"&&o!==""?{current:o}:{}}}function cm(t,e,n,r){let o=Object.hasOwn(t.profiles,e)?t.profiles[e]:void 0;
if(o!==void 0)return o;let i=Object.keys(t.profiles),s=i.length===0?"no profile at all":`only: ${i.map(qe).join(", ")}`;
throw new v(b`${n} names the profile ${qe(e)}, but ${r} has ${s}.`,"ycProfile.profile")}function kO(t){try{return t.toJS()}catch{
return}}function lm(t,e){return e===void 0?`yc's configuration (${t})`:b`the file of ${e} (${t})`}var Ui=b`run \`yc init\`, or set ${T(
"ycProfile.configFile")}`;var EO={profile:{kind:"string",env:["YCIAM_YC_CLI_PROFILE"],doc:"Name of the profile; by default the one in use."},path:{
kind:"path",env:["YCIAM_YC_CLI_PATH"],default:"yc",doc:"The `yc` program, when it is not on PATH."}},um={name:"ycCli",summary:"\
The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named.",options:EO,async resolve(t){
let{options:e,named:n,context:r}=t;if(!n&&!r.interactive)return G("yc is asked only when it is named, or at a terminal",
b`name ${T("ycCli")} in ${T("resolvers")} or YCIAM_RESOLVERS`);let o=TO(t),i=await AO(t);if(typeof i!="string")return i;
let s=n?void 0:await OO(t),a=`ycCli ${JSON.stringify([e.path??"",...o])}`;return s??{id:a,token:c=>xO([i,...o],t,c)}}},fm=[
"--no-user-output","--format","text"];async function AO({options:t,source:e,context:n}){let r=await n.which((t.path??"yc").
replace(/^~(?=\/)/,n.home));if(r!==void 0)return r;if(t.path===void 0)return G("the program yc is not installed, or not \
on PATH",b`install yc, or set ${T("ycCli.path")}`);throw new v(b`${e("path")} names ${Oe(t.path)}, but there is no such program. Give the path of yc.`,
"ycCli.path")}function TO({options:t,source:e,iam:n}){let r=t.profile?.trim();if(r!==void 0&&/^-|[^\x20-\x7e]/.test(r))throw new N(
b`${e("profile")} is not the name of a profile. \`yc config profile list\` tells the names.`,"ycCli.profile");let{api:o,
installation:i}=n.endpoints;return["iam","create-token",...fm,...r===void 0?[]:["--profile",r],...i==="ru"?[]:["--endpoi\
nt",_O(o)]]}function _O(t){let{hostname:e,port:n,protocol:r}=new URL(t);return`${e}:${n||(r==="https:"?"443":"80")}`}async function OO(t){
let e=qi(t.context);return await Xt(e,{from:"yc",option:"ycCli"},t)===void 0?G(`yc was never set up here (${e})`,"run `y\
c init`"):void 0}async function xO(t,{context:e,iam:n},r){let o=t.slice(1).filter(a=>!fm.includes(a)),i={argv:t,env:vO(e),
name:`\`yc ${o.join(" ")}\``,path:"ycCli"};return{token:ke(await vo(i,e,r),"`yc iam create-token`","ycCli"),issuedAt:n.clock.
now()}}function vO({env:t}){return{...t,YC_IAM_TOKEN:void 0,YC_CLI_INITIALIZATION_SILENCE:"true"}}l();j();D();H();var RO={profile:{kind:"string",env:["YCIAM_YC_PROFILE_PROFILE"],doc:"Name of the profile; by default the one in use, `cu\
rrent`."},configFile:{kind:"path",env:["YCIAM_YC_PROFILE_CONFIG_FILE"],default:"~/.config/yandex-cloud/config.yaml",doc:"\
Configuration file of yc."}},dm="ycProfile.configFile",pm={name:"ycProfile",summary:"The key, OAuth token or instance id\
entity that a profile of the `yc` tool holds.",options:RO,async resolve(t){let{options:e,source:n,context:r}=t,o=e.configFile??
qi(r),i=lm(o,e.configFile===void 0?void 0:n("configFile")),s=await CO(o,t);if(s===void 0)return IO(o,t);let a=await am(s,
i),c=e.profile??a.current;if(c===void 0)return G(b`${i} has no profile in use`,Ui);let u=e.profile===void 0?b`\`current\``:
n("profile");return NO(cm(a,c,u,i),{name:c,at:i},t)}};function CO(t,e){return e.options.configFile===void 0?Xt(t,{from:"\
yc",option:dm},e):xt(t,{from:e.source("configFile"),option:dm},e)}function IO(t,{options:e,source:n}){if(e.profile===void 0)
return G(`yc has no configuration here (${t})`,Ui);throw new v(b`${n("profile")} names the profile ${qe(e.profile)}, but yc has no configuration here: there is no file ${t}. To mend it, ${Ui}.`,
"ycProfile.profile")}async function NO(t,e,n){let r=t["service-account-key"],o=t.token,i=[!0,"true"].includes(t["instanc\
e-service-account"]),s=b`the profile ${qe(e.name)} in ${e.at}`;return(r!==void 0||o!==void 0)&&LO(t.endpoint,s,n),r!==void 0?
zt(r,b`service-account-key of ${s}`,"ycProfile",n.iam):o!==void 0?$o($O(o,s),n):i?PO(s,n):MO(t,e)}async function PO(t,e){
let n=await Po({...e,only:!0},zf(e.context));if(!Ot(n))return n;throw new v(b`${t} takes the service account of this instance (instance-service-account), but ${n.
reason}. To mend it, ${n.remedy}, or choose another profile with ${T("ycProfile.profile")}.`,"ycProfile")}function $O(t,e){
let n=b`\`token\` of ${e}`;if(typeof t!="string")throw new v(b`${n} is not a string.`,"ycProfile");let r=ke(new $(t),n,"\
ycProfile");if(!to(r.reveal()))return r;throw new v(b`${n} is an IAM token, which lives 12h at most; a profile is for credentials that last. Put it in YC_IAM_TOKEN, or sign in again with \`yc init\`.`,
"ycProfile")}function LO(t,e,{iam:n}){if(typeof t!="string"||t.trim()==="")return;let r=o=>{let i=o.includes("://")?o:`h\
ttps://${o}`;return URL.canParse(i)?new URL(i).host:o};if(r(t)!==r(n.endpoints.api))throw new v(b`${e} is for the endpoint ${r(
t)}, but ${r(n.endpoints.api)} is in use here. Set ${T("endpoint")} to ${r(t)}, or choose another profile with ${T("ycPr\
ofile.profile")}.`,"ycProfile")}function MO(t,{name:e,at:n}){let r=t["federation-id"]!==void 0;return G(b`the profile ${qe(
e)} in ${n} ${r?"is of a federated user, whose session yc alone can use":"holds no credential of its own"}`,b`ask yc itself with ${T(
"ycCli")}, by naming it in ${T("resolvers")}`)}var $t=[Gf,Xh,im,Wf,td,pm,um,nd,Yf];var Fi=new AbortController().signal,jO=1e3,DO=10;function Uc(t,e){let n=Ff(t,e.env,$t),r=new xo(n,e),{timeoutMs:o,retries:i}=n,
{clock:s}=r.iam,a=new Se,c,u,d,f=-1/0,p=async S=>{let y=d;try{let w=await r.choose(S,y?.candidate),k=qc(r,w,await w.source.
hold(S));return d===y&&(d=k),k.result}finally{u=void 0}},g=async(S,y)=>{let{source:w}=y,k=w.usable();if(k!==void 0&&w.isPausing())
return(d=qc(r,y,k)).result;let A=k===void 0?S:le(S.signal,S.remaining()/2,i);try{return await Pe(A,p(S))}catch(_){if(S.signal.
aborted||Fn(_)&&w.fresh(s.now())===void 0)throw _;return d=qc(r,y,w.insteadOf(_)),d.result}};return{getIamToken:async(S=Fi)=>{
S.throwIfAborted();let y=s.now();if(d!==void 0&&d.source.fresh(y)===d.held&&(Math.abs(y-f)<jO||(f=y,d.source.isPausing()||
!r.isChanged(d.versions))))return d.result;if(u?.signal!==S||Math.abs(y-u.since)>=DO){let w=d,k=w===void 0?p:_=>g(_,w),A=a.
join(le(S,o,i),k);u={signal:S,since:y,answer:A}}return u.answer},getAccessKey:async(S={},y=Fi)=>(y.throwIfAborted(),c??=
new Eo(r,w=>{let k=Uc({...t,minRemainingValidity:`${w}ms`},e);return A=>k.getIamToken(A)}),c.get(S,le(y,o,i))),explain:async({
verify:S=!1,signal:y=Fi}={})=>{let w=le(y,o,i);return Pe(w,qf(r,w,S))},revoke:async(S,y=Fi)=>qO(r,S,le(y,o,i)),now:()=>s.
now(),forget:async S=>r.forget(S)}}function qc(t,e,n){let{plan:r,iam:o}=t,{issuedAt:i,expiresAt:s=1/0}=n.token,a=Math.min(
n.askedAt+r.policy.refreshAfterMs,s),c=i===void 0?void 0:Math.max(a,o.clock.now());return{...e,held:n,result:Kf(n.token,
e.candidate.resolver.name,c)}}async function qO(t,e,n){try{let r=await Pe(n,t.iam.revoke(e,n));return await t.forget(e),
r}catch(r){throw Bn(r)&&await t.forget(e),r}}l();var Fc="0.1.0";l();var Bc=require("node:crypto");function un(t,e=""){let n=e.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A");return`::${t}::${n}
`}function hm(t){return un("add-mask",t.reveal())}function mm(t){let e=(0,Bc.randomUUID)();return`::stop-commands::${e}
${t.replace(/\n?$/,`
`)}::${e}::
`}function ym(t){let e=`yciam_${(0,Bc.randomUUID)()}`;return Object.entries(t).map(([n,r])=>`${n}<<${e}
${r}
${e}
`).join("")}l();var As=require("node:os"),yb=require("node:path"),bu=require("node:tty");D();l();var Kc=Q(require("node:path"));function Hc({platform:t,env:e,home:n}){let r=t==="win32"?Kc.default.win32:Kc.default.
posix,{XDG_CACHE_HOME:o="",LOCALAPPDATA:i=""}=e;if(r.isAbsolute(o))return r.join(o,"yciam","tokens");if(t==="win32"&&r.isAbsolute(
i))return r.join(i,"yciam","Cache","tokens");if(r.isAbsolute(n))return t==="win32"?r.join(n,"AppData","Local","yciam","C\
ache","tokens"):t==="darwin"?r.join(n,"Library","Caches","yciam","tokens"):r.join(n,".cache","yciam","tokens")}l();var _r=require("node:fs"),Qc=require("node:path");l();var pe=require("node:crypto"),He=Buffer.from(`yciam-token-2
`),[Yc,wm,Wc,bm]=[16,32,12,16],[Gc,Bi]=[He.length+Yc,He.length+Yc+wm],[gm,Jc]=[Bi+Wc,Bi+Wc+bm];function Sm({identity:t,material:e}){
let n=(0,pe.hkdfSync)("sha256",e.reveal(),He,"yciam token cache: names of entries",32);return(0,pe.createHmac)("sha256",
Buffer.from(n)).update(t).digest("hex").slice(0,32)}function km(t,e,n){let r=_m(n),o=(0,pe.randomBytes)(wm),i=(0,pe.randomBytes)(
Wc),s=(0,pe.createCipheriv)("aes-256-gcm",Om(t,o),i);s.setAAD(xm(t,r));let a=Buffer.concat([s.update(e,"utf8"),s.final()]);
return Buffer.concat([He,r,o,i,s.getAuthTag(),a])}function Em(t,e){if(!Tm(e))return;let n=Om(t,e.subarray(Gc,Bi)),r=e.subarray(
Bi,gm),o=(0,pe.createDecipheriv)("aes-256-gcm",n,r,{authTagLength:bm});o.setAAD(xm(t,e.subarray(He.length,Gc))),o.setAuthTag(
e.subarray(gm,Jc));try{return Buffer.concat([o.update(e.subarray(Jc)),o.final()]).toString("utf8")}catch{return}}function Am(t,e){
return Tm(e)&&e.subarray(He.length,Gc).equals(_m(t))}function Tm(t){return t.length>=Jc&&t.subarray(0,He.length).equals(
He)}function _m(t){return(0,pe.createHash)("sha256").update(`yciam token cache: mark of a token
${t.reveal()}`).digest().subarray(0,Yc)}function Om({material:t},e){return Buffer.from((0,pe.hkdfSync)("sha256",t.reveal(),
e,"yciam token cache: key of an entry",32))}function xm({identity:t},e){return Buffer.concat([He,e,Buffer.from(t)])}l();var vm=require("node:crypto"),Ae=require("node:fs"),Rm=require("node:path"),Ce=class extends Error{},UO=Ae.constants.
O_RDONLY|(Ae.constants.O_NOFOLLOW??0)|(Ae.constants.O_NONBLOCK??0);async function Ar(t,e){await Cm(t);let n=await Ae.promises.
lstat(t);if(!n.isDirectory())throw new Ce("it is a link or a file; put a folder of your own in its place");Im(n,e,"chmod\
 700")}async function Cm(t){for(let e=!1;;e=!0)try{return await Ae.promises.mkdir(t,{mode:448}),await Ae.promises.chmod(
t,448)}catch(n){let{code:r}=n,o=(0,Rm.dirname)(t);if(r==="EEXIST")return;if(e||r!=="ENOENT"||o===t)throw n;await Cm(o)}}
async function Ki(t,e,n){let r=await FO(t);if(r!==void 0)try{let o=await r.stat();if(!o.isFile())throw new Ce("an entry \
in it is no plain file; remove that");if(o.size>n)throw new Ce("an entry in it is too large to be ours; remove that");return Im(
o,e,"chmod 600"),await r.readFile()}finally{await r.close()}}async function FO(t){try{return await Ae.promises.open(t,UO)}catch(e){
let{code:n}=e;if(n==="ENOENT")return;throw n==="ELOOP"||n==="EMLINK"?new Ce("an entry in it is a link; remove that"):e}}
function Im({uid:t,mode:e},n,r){if(n!==void 0){if(t!==n)throw new Ce("it belongs to another user; remove it");if((e&63)!==
0)throw new Ce(`others may read it; run ${r} on it or remove it`)}}async function Vc(t,e,n){let r=`${t}.${(0,vm.randomBytes)(
8).toString("hex")}.tmp`;try{let o=await Ae.promises.open(r,"wx",384);try{await o.chmod(384),await o.writeFile(e),await o.
utimes(n/1e3,n/1e3),await o.sync()}finally{await o.close()}await Ae.promises.rename(r,t)}catch(o){throw await Ae.promises.
rm(r,{force:!0}).catch(()=>{}),o}}l();var Lm=require("node:crypto"),Te=require("node:fs"),Tr=require("node:path"),Mm=require("node:timers/promises");l();var Pm=require("node:crypto"),Hi=require("node:fs"),$m=require("node:os"),zc=require("node:path");function Xc(t="/pr\
oc"){let e=Nm((0,zc.join)(t,"sys/kernel/random/boot_id"),Hi.readFileSync),n=Nm((0,zc.join)(t,"self/ns/pid"),Hi.readlinkSync);
return(0,Pm.hash)("sha256",JSON.stringify([(0,$m.hostname)(),e,n])).slice(0,16)}function Nm(t,e){try{return e(t,"utf8")}catch{
return""}}rt();var BO=500,KO=3e3,HO=10;async function jm(t,{signal:e,waitMs:n}){let r=V()+n,o=(0,Lm.randomBytes)(8).toString("hex"),
i=Xc(),s=`${process.pid}-${i}-${o}`,a=`${t}.${o}.tmp`,c;try{for(await Te.promises.mkdir(a),await Te.promises.chmod(a,448),
await Te.promises.writeFile((0,Tr.join)(a,s),"");;){if(e.throwIfAborted(),await YO(a,t))return WO(t,s);if(c??=GO(t,i),!await c()){
if(V()>=r)return;await(0,Mm.setTimeout)(HO*(.5+Math.random()),void 0,{signal:e}).catch(()=>{})}}}finally{await Te.promises.
rm(a,{recursive:!0,force:!0})}}async function YO(t,e){try{return await Te.promises.rename(t,e),!0}catch(n){let{code:r=""}=n;
if((process.platform==="win32"?["EPERM","EACCES","EEXIST"]:["ENOTEMPTY","EEXIST"]).includes(r))return!1;throw n}}function WO(t,e){
let n=()=>Te.promises.utimes((0,Tr.join)(t,e),new Date,new Date).catch(()=>{}),r=setInterval(()=>{n()},BO).unref();return async()=>{
clearInterval(r),await Dm(t,e).catch(()=>{})}}async function Dm(t,e){await Te.promises.rm((0,Tr.join)(t,e),{force:!0}),await Te.promises.
rmdir(t).catch(()=>{})}function GO(t,e){let n="",r=V();return async()=>{let o=await JO(t);if(o===void 0)return Te.promises.
rmdir(t).then(()=>!0,()=>!1);let i=`${o} ${await zO((0,Tr.join)(t,o))}`;return i!==n&&(r=V()),n=i,!VO(o,e)&&V()-r<KO?!1:
(await Dm(t,o),!0)}}async function JO(t){try{return(await Te.promises.readdir(t))[0]}catch(e){if(e.code==="ENOENT")return;
throw e}}function VO(t,e){let[n,r]=t.split("-");if(r!==e)return!1;try{return process.kill(Number(n),0),!1}catch(o){return o.
code==="ESRCH"}}async function zO(t){return Te.promises.stat(t).then(({mtimeMs:e})=>e,()=>0)}var qm=16*1024,XO=100,QO=36e5,Yi=class{constructor(e){this.parts=e;this.isTold=!1;this.owner="owner"in e?e.owner:process.
geteuid?.()}async load(e){let{folder:n}=this.parts;try{let r=await Ki(this.#e(e),this.owner,qm);if(r===void 0)return;await Ar(
n,this.owner);let o=Em(e,r);if(o!==void 0)return o;throw new Ce("an entry in it is damaged; it will be written anew")}catch(r){
return this.#t(r,e.log)}}async save(e,n,r){try{await Ar(this.parts.folder,this.owner),await Vc(this.#e(e),km(e,n,r),this.
parts.now()),await nx(this.parts)}catch(o){this.#t(o,e.log)}}async forget(e){try{await ZO(e,this.parts,this.owner)}catch(n){
this.#t(n)}}async lock(e,n){try{return await Ar(this.parts.folder,this.owner),await jm(`${this.#e(e)}.lock`,n)}catch(r){
return n.signal.throwIfAborted(),this.#t(r,e.log)}}#e(e){return(0,Qc.join)(this.parts.folder,Sm(e))}#t(e,n=this.parts.log){
this.isTold||(this.isTold=!0,n.warn(`the token cache in ${this.parts.folder} is not used as it should be: ${tx(e)}. Toke\
ns are got anew where it cannot help; to do without it, set the option cache, or YCIAM_CACHE, to memory.`))}};async function ZO(t,{
folder:e,now:n},r){let o=await Um(e,n()).catch(ex);for(let{path:i}of o.filter(({isEntry:s})=>s)){let s=await Ki(i,r,qm).
catch(()=>{});s!==void 0&&Am(t,s)&&await _r.promises.rm(i,{force:!0})}}function ex(t){if(t.code==="ENOENT")return[];throw t}
function tx(t){return t instanceof Ce?t.message:t.code??"unknown error"}async function nx({folder:t,now:e}){let n=await Um(
t,e()),r=({isEntry:i,age:s})=>Math.abs(s)>(i?Xe:QO),o=n.filter(i=>i.isEntry&&!r(i)).sort((i,s)=>i.age-s.age).slice(XO);for(let{
path:i}of[...n.filter(r),...o])await _r.promises.rm(i,{recursive:!0,force:!0})}async function Um(t,e){let n=(await _r.promises.
readdir(t)).filter(o=>/^[0-9a-f]{32}(?:\.[0-9a-z.]+)?$/.test(o));return(await Promise.all(n.map(async o=>{let i=(0,Qc.join)(
t,o),s=o.length===32,a=await _r.promises.lstat(i).catch(()=>{});return a===void 0||!(a.isFile()||a.isDirectory()&&!s)?[]:
[{path:i,isEntry:s,age:e-a.mtimeMs}]}))).flat()}l();var ie=require("node:fs"),tl=1024*1024,rx=2**31-1,ox=ie.constants.O_RDONLY|(ie.constants.O_NONBLOCK??0),Fm=/^~(?=\/|$)/;
function Bm(t){let e=new Map,n=t.replaceAll("$","$$$$");return{read:async(r,o={})=>(o.signal?.throwIfAborted(),(await ix(
e,r.replace(Fm,n),o)).toString("utf8").replace(/^\uFEFF/,"")),version:r=>{try{let o=(0,ie.statSync)(r.replace(Fm,n));return o.
isFile()?`${o.mtimeMs} ${o.ctimeMs} ${o.size} ${o.ino}`:void 0}catch{return}}}}async function ix(t,e,n){let r=(0,ie.openSync)(
e,ox),o=(0,ie.fstatSync)(r);if(o.isFile())return ax(r,o.size);if(!o.isFIFO())return Zc(el((0,ie.createReadStream)("",{fd:r,
end:tl})),n);let i=t.get(e);if(i!==void 0)return(0,ie.closeSync)(r),Zc(i,n);let s=sx(r);return t.set(e,s),s.catch(()=>t.
delete(e)),Zc(s,n)}async function sx(t){let{Bun:e}=globalThis;if(e!==void 0)return el(e.file(t).stream());let{Socket:n}=await import("node:net");
return el(new n({fd:t,readable:!0,writable:!1}).unref())}async function Zc(t,{signal:e,timeoutMs:n}){let r=()=>{},o=new Promise(
(i,s)=>{let c=setTimeout(()=>s(nl("ETIMEDOUT")),Math.ceil(n??rx)),u=()=>s(e?.reason);e?.addEventListener("abort",u,{once:!0}),
r=()=>{clearTimeout(c),e?.removeEventListener("abort",u)}});try{return await Promise.race([t,o])}finally{r()}}function ax(t,e){
let n=[],r=0;try{for(;;){if(Math.max(r,e)>tl)throw nl("EFBIG");let o=Buffer.allocUnsafe(e===0?64*1024:e-r),i=(0,ie.readSync)(
t,o);if(n.push(o.subarray(0,i)),r+=i,i===0||r===e)return Buffer.concat(n)}}finally{(0,ie.closeSync)(t)}}async function el(t){
let e=[],n=0;for await(let r of t){if(n+=r.length,n>tl)throw nl("EFBIG");e.push(r)}return Buffer.concat(e)}function nl(t){
return Object.assign(new Error("the file cannot be read"),{code:t})}l();var pn=require("node:path"),Qi=require("node:url");async function yy(t,e=process.cwd()){let r=t.startsWith(".")||(0,pn.isAbsolute)(
t)?(0,Qi.pathToFileURL)((0,pn.resolve)(e,t)).href:await Xx(t,e);try{return await import(r)}catch(o){throw o.name==="Buil\
dMessage"?new SyntaxError("the module does not parse"):o}}async function Xx(t,e){try{return(0,Qi.pathToFileURL)(require.
resolve(t,{paths:[e]})).href}catch{return(await Promise.resolve().then(()=>(my(),hy))).resolve(t,(0,Qi.pathToFileURL)((0,pn.join)(
e,"module.js")).href)}}l();H();var Qx=1024*1024,gy=async([t,...e],{signal:n,timeoutMs:r,env:o})=>{let{execFile:i}=await import("node:child_process");
return new Promise((s,a)=>{let c={signal:n,timeout:Math.max(1,Math.ceil(r)),killSignal:"SIGKILL",maxBuffer:Qx,windowsHide:!0,
...o?{env:{...o}}:{}};i(t,e,c,(d,f,p)=>{let g=d?.code;n.aborted?a(n.reason):typeof g=="string"?a(Object.assign(new Error(
"program could not be run"),{code:g})):s({code:d===null?0:typeof g=="number"?g:null,stdout:new $(f),stderr:p})}).stdin?.
end()})};l();var hn=require("node:fs"),Cr=require("node:path");function wy(t){let{platform:e,env:n,isProgram:r=tv}=t,o=e==="win32";
return async i=>{let s=(o?/[\\/:]/:/\//).test(i),a=s?[i]:o?ev(i,n):Zx(i,n);for(let c of a)if(await r(c,s))return c}}function Zx(t,{
PATH:e=""}){return e.split(":").filter(r=>Cr.posix.isAbsolute(r)).map(r=>Cr.posix.join(r,t))}function ev(t,e){let n=Object.
fromEntries(Object.entries(e).map(([c,u])=>[c.toUpperCase(),u])),r=(n.PATHEXT??".COM;.EXE;.BAT;.CMD").split(";").filter(
c=>c!==""),i=r.some(c=>t.toUpperCase().endsWith(c.toUpperCase()))?[t]:r.map(c=>t+c);return(n.PATH??"").split(";").map(c=>c.
replaceAll('"',"")).filter(c=>/^(?:[a-z]:[\\/]|\\\\)/i.test(c)).flatMap(c=>i.map(u=>Cr.win32.join(c,u)))}async function tv(t,e){
try{return await hn.promises.access(t,e?hn.constants.F_OK:hn.constants.X_OK),(await hn.promises.stat(t)).isFile()}catch{
return!1}}function Su(t){let e=u0(),n=e??"/",{env:r,platform:o}=process,i=Hc({platform:o,env:r,home:e??""}),s;return{env:r,files:Bm(
n),exec:gy,which:a=>wy({platform:o,env:r})(a),http:a=>(s??=(mb(),Db(hb)).createHttp({userAgent:t.userAgent}),s(a)),now:Date.
now,log:t.log,interactive:(0,bu.isatty)(0)&&(0,bu.isatty)(2),home:n,session:new Io,...i===void 0?{}:{store:new Yi({folder:i,
now:Date.now,log:t.log})},spelling:t.spelling??Pn,loadModule:a=>yy(a)}}function u0(){for(let t of[As.homedir,()=>(0,As.userInfo)().
homedir])try{let e=t();if((0,yb.isAbsolute)(e))return e}catch{}}l();var Tb=require("node:fs");j();H();l();j();l();l();function gb({kind:t,secret:e}){return t==="secret"||e===!0}var ku=[...$t,Vt],bb=nt,wb=Bf,aK=Object.keys(wb).filter(t=>wb[t]?.secret),cK=ku.filter(({options:t})=>Object.values(t).some(
gb)).map(({name:t})=>t);var Sb={"service-account-id":"workloadIdentity.serviceAccountId",audience:"workloadIdentity.githubAudience","impersonate\
-service-account-id":"impersonate.serviceAccountId","min-remaining-validity":"minRemainingValidity"};function kb(t,e){let n=(t[`\
INPUT_${e.toUpperCase()}`]??"").trim();return n===""?void 0:n}function Eu(t,e){let n=kb(t,e)??"false";if(/^(true|True|TRUE)$/.
test(n))return!0;if(/^(false|False|FALSE)$/.test(n))return!1;throw new N(`the input ${e} is neither true nor false.`,e)}
function Eb(t){let e={cache:"none"};(t.YCIAM_RESOLVERS??"")===""&&(e.resolvers=["workloadIdentity"]);for(let[n,r]of Object.
entries(Sb)){let o=kb(t,n),[i="",s]=r.split(".");o!==void 0&&(e[i]=s===void 0?o:{...e[i],[s]:o})}return e}var Au=t=>{let[
e]=Object.entries(Sb).find(([,r])=>r===t)??[];if(e!==void 0)return`the input ${e}`;let[n]=f0(t)?.env??[];return typeof n==
"object"?n.name:n??t};function f0(t){let[e="",n]=t.split(".");return n===void 0?bb[e]:ku.find(({name:r})=>r===e)?.options[n]}l();H();var d0={used:"would be asked",unavailable:"not set up",failed:"FAILED",notTried:"not tried"};function Ab({resolvers:t,
chosen:e,verified:n}){let r=t.map(a=>[a.resolver,p0(a,n),`${a.durationMs} ms`,Et(a.reason??"")]),o=[["RESOLVER","OUTCOME",
"TIME","REASON"],...r],i=[0,1,2].map(a=>Math.max(...o.map(c=>c[a].length)));return`${o.flatMap((a,c)=>{let u=a.slice(0,3).
map((p,g)=>p.padEnd(i[g])),d=t[c-1]?.remedy,f=" ".repeat(i.reduce((p,g)=>p+g+2,0));return[[...u,a[3]].join("  ").trimEnd(),
...d===void 0?[]:[`${f}-> ${Et(d)}`]]}).join(`
`)}

${h0(e,n)}
`}function p0({outcome:t},e){return t==="used"&&e?"answered":d0[t]}function h0(t,e){return t===void 0?"No resolver gives\
 a token here.":e?`${t} gave a token.`:`${t} would be asked. No token was asked for; --verify does that.`}async function _b(t){t.env.STATE_isPost==="true"?await g0(t):await m0(t)}async function m0({io:t,env:e,app:n}){Ts(e,"GIT\
HUB_STATE",{isPost:"true"});let[r,o]=[Eu(e,"export-environment"),Eu(e,"revoke")],i=n(Eb(e)),s=Ab(await i.explain({signal:t.
signal}));t.stdout.write(un("group","yciam explain")),t.stdout.write(mm(s)),t.stdout.write(un("endgroup"));let a=await i.
getIamToken(t.signal);t.stdout.write(hm(a.token));let c=a.token.reveal();o&&Ts(e,"GITHUB_STATE",{token:c}),Ts(e,"GITHUB_\
OUTPUT",y0(a)),r&&Ts(e,"GITHUB_ENV",{YC_IAM_TOKEN:c,YC_TOKEN:c})}function y0({token:t,expiresAt:e="",subjectId:n="",fingerprint:r}){
return{token:t.reveal(),"expires-at":e,"subject-id":n,fingerprint:r}}function Ts(t,e,n){let r=t[e]??"";if(r==="")throw new N(
`${e} is not set: this program is run by GitHub's runner.`,e);(0,Tb.appendFileSync)(r,ym(n))}async function g0({io:t,env:e,
app:n}){let r=e.STATE_token??"";r!==""&&(await n({cache:"none"}).revoke(new $(r),t.signal),t.stdout.write(`The token is \
revoked.
`))}l();j();l();l();function Ob(t){return t.replaceAll(".","-").replace(/[A-Z]/g,e=>`-${e.toLowerCase()}`)}var Tu=t=>{let[e,n]=t.split(".");return $t.some(o=>o.name===t)?t:n!==void 0&&e!=="impersonate"&&$t.every(o=>o.name!==e)?
`--option ${t}=...`:`--${Ob(t)}`};function xb(t,e=Tu){return t instanceof se?t.messageFor(e):`an unexpected ${ot(t)}. This is a defect of yciam, or of a r\
esolver of your own: please report it.`}l();var Bt={ok:0,failed:1,nobodyAnswers:2,usage:64,interrupted:130};l();l();l();l();function _s(t){return t.replace(/[^\P{C}\n]/gu,"")}var vb=!1,_u={write:t=>(vb||process.stderr.on("error",()=>{}),vb=!0,process.stderr.write(_s(t)))};l();j();function Rb(t,e){let n=!1;return async()=>{if(n)throw new N("standard input can be read once: give `-` for one o\
ption alone.","stdin");n=!0;let r=t(),{text:o}=await import("node:stream/consumers"),i=()=>r.destroy(e.reason);e.addEventListener(
"abort",i,{once:!0});try{return await o(r)}finally{e.removeEventListener("abort",i)}}}function w0(){process.stdout.on("error",({code:t})=>{t==="EPIPE"&&process.exit(),_u.write(`yciam: the output could not b\
e written (${t}).
`),process.exit(Bt.failed)})}var b0=2e3;function Cb(t){setTimeout(()=>process.exit(t??process.exitCode),b0).unref()}async function Ib({
run:t,report:e}){let n=new AbortController,r=()=>{n.abort(new DOMException("interrupted","AbortError")),Cb(Bt.interrupted)};
process.once("SIGINT",r),process.once("SIGTERM",r);let o=()=>{process.off("SIGINT",r).off("SIGTERM",r)};w0();let i=Rb(()=>process.
stdin,n.signal),s=(u,d)=>{u.forEach(f=>process.on(f,d)),o()},a={stdout:process.stdout,stderr:_u,stdin:i,signal:n.signal,
mindSignals:s},c=u=>{process.exitCode=u};process.once("uncaughtException",u=>process.exit(e(u,a)));try{await t(a,c)}catch(u){
c(e(u,a))}finally{o(),Cb()}}function Ou(t,e,n){let r=n===void 0?"":` ${JSON.stringify(n)}`;process.stdout.write(un(t,_s(`yciam: ${e}${r}`)))}var S0={
debug:(t,e)=>Ou("debug",t,e),warn:(t,e)=>Ou("warning",t,e)};function Nb(){let t=`yciam/${Fc} (github-action)`,e=Su({log:S0,
spelling:Au,userAgent:t}),{env:n}=e,r=n.STATE_isPost==="true";return Ib({run:o=>_b({io:o,env:n,app:i=>Uc(i,e)}),report:(o,{
signal:i})=>i.aborted?Bt.interrupted:(Ou(r?"warning":"error",xb(o,Au)),r?Bt.ok:Bt.failed)})}Nb();
