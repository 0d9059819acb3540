/** Texts of shops without any secret, that must come through unchanged, one a line. */
export const CLEAN: readonly string[] = `
Chaussures de randonnée homme imperméables – pointure 42
T-shirt col rond 100 % coton bio, lot de 3
Pantalon chino slim fit W32 L34
Soutien-gorge 95C, coloris 07 rose poudré
Robe d'été fleurie taille 36/38
Sizes 36 38 40 42 44 46
Tailles disponibles : 34, 36, 38, 40, 42, 44
Canapé d'angle convertible 240 x 160 x 85 cm
Matelas mousse 140 x 190 cm 35 kg/m3
Perceuse-visseuse 18 V 2 x 2,0 Ah
Téléviseur OLED 4K 55" (139 cm) 2026
Smartphone Galaxy S24+ 256 Go noir
Tablette Tab S9+ 5G 12/256 Go
Écran 27" 2560 x 1440 165 Hz
Pneu 205/55 R16 91V
Jante 7.5Jx17 ET45 5x112
Peinture RAL 7016 gris anthracite 2,5 L
Ampoule LED E27 806 lm 2700 K
Vis à bois 4 x 40 mm boîte de 200
Champagne brut 75 cl 12 % vol.
Café en grains 1 kg (4 x 250 g)
Huile moteur 5W30 5 L ACEA C3
Couches taille 4 (9-14 kg) x 174
Lego 42143 – 3 778 pièces
Puzzle 1000 pièces 70 x 50 cm
Herren-Wanderschuhe wasserdicht Größe 43
Damenjacke Größe 38/40 – 20 % reduziert
Waschmaschine 8 kg 1400 U/min
Kühlschrank A+++ 300 l, 60 x 185 x 65 cm
Bettwäsche 135 x 200 cm, 2-teilig
Spülmaschinentabs 80 Stück (2 x 40)
Glühbirne 60 W E14, 4er-Pack
Bohrmaschine 750 W mit Koffer
Zapatillas running hombre talla 44
Lavadora 9 kg 1200 rpm clase A
Aceite de oliva virgen extra 5 l
Cafetera superautomática 15 bares
Sofá 3 plazas 210 cm gris
Colchón viscoelástico 150 x 190
Scarpe da trekking donna taglia 39
Boîte de 12 œufs frais, plein air
iPhone 17 Pro Max 512GB
boot@2x.png
/images/hero@3x.webp
Écouteurs @ -30 %
@marque
Rendez-vous @ 18h00
3 pour 2 @ magasin
coton@lin
SKU-1042
SKU-2026-000123
REF 12345678
REF0612345678
ART-0612345678X
P1042-V3-XL-BLK
CHAUSS-HOM-042-NOIR
MNT_4512_88
A1B2-C3D4-E5F6
AB12
FR42
FR7612
XS-4411-220-09
LOT 2026/11/004
4006381333931
3017620422003
5901234123457
4011100104518
3560070462926
012345678905
96385074
04006381333931
10012345678902
EAN 4006381333931
GTIN:3017620422003
978-2-07-036822-8
9782070368228
978-3-16-148410-0
ISSN 0378-5955
(01)04006381333931(17)261231(10)ABC123
W-2026-0001
CMD-20261122-00042
100023456
200000123456
#1000123
ORD-7F3K9Q
order_5f3a9c
406-1234567-1234567
2026112200001
17-10482-93765
facture F2026-00018
Commande n° 4512-88
ticket 0042-003-20261122-0187
0187
1732269600000
1732269600
1732269600000000
20261122
20261122100000
2026-11-22
2026-11-22T10:00:00.000Z
2026-11-22T10:00:00+01:00
2026-11-22 10:00:00.123456
22/11/2026 10:30
05/12/2026 10:30
05.12.2026 10:30:45
01-12-2026 08:15
22.11.2026
22 novembre 2026 à 10 h 30
Sun, 22 Nov 2026 10:00:00 GMT
P1Y2M10DT2H30M
10:30-12:45
2026-W47
550e8400-e29b-41d4-a716-446655440000
0193527c-8f3a-7c2e-9d41-2b6f0a1c3d5e
00000000-0000-0000-0000-000000000000
12345678-1234-4123-8123-123456789012
41111111-1111-4115-a3bc-de0123456789
be315390-0754-4111-a3bc-de0123456789
00341234-1234-4234-a3bc-de0123456789
00336123-4567-8abc-8e89-004000000000
ID 6FA459EA-EE8A-3CA4-894E-DB77E160355E
/p/550e8400-e29b-41d4-a716-446655440000/avis
5f4dcc3b5aa765d61d8327de
507f1f77bcf86cd799439011
d41d8cd98f
8b1a9953c4611296
main.3f2a9c81.js
app-4f3c2b1a9d8e.css
01ARZ3NDEKTSV4RRFFQ69G5FAV
GA1.2.1234567890.1712345678
1234567890.1712345678
GA1.1.345678901.1712345678
GS1.1.1712345678.3.1.1712345699.39.0.0
fb.1.1712345678901.1098115397
#ff00aa
#0A1B2C3D
rgb(12, 34, 56)
rgba(0,0,0,0.5)
129.90
1 299,00 €
1.299,00 EUR
12 345 678,90 €
$1,234.56
EUR 4999
-15,50
0.0612345678
2.0612345678901
0,1234567890123
1e-7
3.141592653589793
48.8566969,2.3514616
48.856614, 2.3522219
+48.8566969
-0.1277583
@48.8566969,2.3514616,15z
lat=43.296482&lng=5.369780
50.1109° N, 8.6821° E
12 rue de la Paix, 75002 Paris
8 bis avenue Jean-Jaurès, 69007 Lyon
Hauptstraße 12, 10115 Berlin
Calle Mayor 5, 28013 Madrid
221B Baker Street, London NW1 6XE
BP 1042, 31000 Toulouse Cedex 9
1600 Pennsylvania Ave NW, 20500
CP 13001
SIREN 732 829 320
SIRET 73282932000074
RCS Paris B 552 100 554
FR 40 303265045
TVA FR40303265045
DE123456789
6A12345678901
8R45678912345
XY123456789FR
LP00123456789012
1Z999AA10123456784
00340434161094000000
JJD000390007812345678
15502370264581
05228997311562
9400111899223100001234
RR123456785DE
GLS 61234567890
CB123456789CN
/fr/homme/chaussures/randonnee/impermeable-42-noir-p1042
/fr/femme/robes/robe-longue-fleurie-manches-courtes-2026-ref-88412
/collections/nouveautes-automne-hiver-2026-2027-homme-et-femme
https://shop.example/p/chaussure-trail-gore-tex-homme-2026?taille=42&couleur=noir
https://shop.example/search?q=bottes%20vertes%2042
https://shop.example/c/Homme/Chaussures/Randonnee-2026/GoreTex/Taille42/PrixCroissant
?utm_source=newsletter&utm_campaign=2026-11-black-friday
?page=2&tri=prix-croissant&min=20&max=150
q=caf%C3%A9+en+grains+1kg
q=100%25+coton
taille=36+38+40+42
100% coton
50 % de réduction dès 2 achetés
-20%
10%25
r%C3%A9f%2012-34
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
TypeError: Cannot read properties of undefined (reading 'price') at main.js:1:20456
net::ERR_CONNECTION_TIMED_OUT (110)
div.product-card:nth-child(12) > button.add-to-cart__button--primary-large-2x
#app > main > section:nth-of-type(3) > ul > li:nth-child(7) > a
Banniere_AccueilHomme_ChaussuresRandonneeGoreTex_Automne2026_V2
/medias/ProduitsHomme/ChaussureRandonneeGoreTexNoir42_VueDeFace2026.jpg
PRD-2026-FR-0042-BLK-XL-000123-PROMO-A1B2-C3D4
X1Y2Z3A4B5C6D7E8F9G1H2J3K4L5M6N7P8Q9R1S2T3
WELCOME10
BLACKFRIDAY2026
NOEL-2026-15EUR
CARTE-CADEAU-50
1,2,3,4,5,6,7,8,9,10,11,12
192.168.1.1
203.0.113.0/24
v1.12.3-beta.4+20261122
1920x1080
3840 x 2160 @ 60 Hz
data-pc-item-42
MOB-EUR-2026-11
00042
000000123456
7 Nains 8 Reines 9 Rois
Ouvert 9 h – 12 h / 14 h – 19 h
09:00-12:30, 14:00-19:00
10 à 12 jours ouvrés
Vu 1 024 fois, 312 avis, 4,6/5
Niveau 3, allée 12, rayon 045
Caisse 07, hôtesse 12
eyJ
eyJouet pour bébé
bonnet – beanie – Mütze – gorro 🧢
日本製 包丁 210 mm
Кроссовки 42 размер
4006381333900
3017620429484
5449000000996
4012345678901
GTIN-13 3600523307210
EAN-8 96385074, EAN-13 3250390500018
Réf. 4111.1111.2222
SKU_4512_0042_0007_0001
4512.0042.0007.0001
v4111.2026.1122.0001
2026/11/22/0042
10.0.19045.3803
Lot de 6 – 06 au 12 décembre
Du 01/12 au 06/12
33 cl x 24
3360 points
Ticket 33612
12 rue du 8 Mai 1945, 33600 Pessac
06000 Nice
06400 Cannes, 04 – 08 juin
Bât. A, 3e étage, 92100 Boulogne-Billancourt
4 impasse des Lilas – 31200 Toulouse
Place du Général-de-Gaulle, 59000 Lille
Z.A. du Pré-Long, 35770 Vern-sur-Seiche
Lat 43.6045, lon 1.4440
43.296482, 5.36978
geo:48.8583701,2.2944813
app.5f3a9c21.min.js
chunk-4f3c2b1a9d8e77.js
/static/css/main.3f2a9c81b7d4.css
/assets/logo-D41d8cd98f00.svg
/_next/static/chunks/pages/produit-7c2f9a1b3d5e6f70.js
/medias/sys_master/images/h42/h8a/9876543210_front.jpg
hero_desktop_1920x1080_v2@2x.jpg
?srsltid=1&variant=41111111
variant=40123456789012
cart_2026112200042
panier-7f3a-9c21
RMA-2026-000123-FR
BON-ACHAT-2026-15
PROMO10-NOEL-2026-FR-WEB
4,99 € / 1,5 l
12 x 1,5 L – 0,33 €/l
60 x 40 x 25 cm – 12,5 kg
120-240 V~ 50/60 Hz
USB-C 3.2 Gen 2x2
W3C, ISO 9001:2015, NF EN 14988
FR-BIO-01
IBANEZ RG421 guitare
ibanez-fr42
eyJson
Contactez-nous @ la boutique
du lundi au vendredi 9 h 30-12 h 30 / 14 h-18 h
1 000 000 € de lots
`
  .trim()
  .split('\n');
