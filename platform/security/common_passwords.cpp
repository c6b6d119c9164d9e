#include "platform/security/common_passwords.hpp"

#include <algorithm>
#include <array>

namespace backline::security {

namespace {

/// From what password lists agree on. Short words are here because a common password of 15 characters is made of them.
constexpr std::string_view text =
    "password passwort passw passwd pass motdepasse contrasena senha wachtwoord parola "
    "haslo heslo salasana qwerty qwertz azerty qazwsx qwer asdf zxcv yxcv qweasd "
    "qweasdzxc wasd poiuyt lkjhgf mnbvcx letmein welcome login admin administrator root "
    "guest user test testing tester demo default changeme secret private access system "
    "server master super superuser manager office company computer internet network "
    "windows microsoft google facebook twitter instagram linkedin youtube amazon apple "
    "samsung nokia android iphone macintosh linux ubuntu trustno abcdef abcabc abcd "
    "iloveyou iloveu loveyou loveme lovely love lover forever always together kisses "
    "kiss hugs sunshine princess prince queen king angel angels baby babygirl babyboy "
    "sweet sweety sweetheart honey sugar candy monkey dragon tiger lion bear wolf eagle "
    "falcon hawk panther jaguar leopard cheetah puma horse pony mustang stallion dolphin "
    "shark whale turtle rabbit bunny kitty kitten cat cats dog dogs doggy puppy pepper "
    "ginger smokey shadow snoopy garfield simba tigger bambi pumpkin cookie cookies "
    "chocolate banana orange lemon cherry strawberry peaches apples coffee butter cheese "
    "pizza burger chicken bacon popcorn pepsi cocacola coke whiskey vodka beer wine "
    "tequila football soccer baseball basketball hockey tennis golf golfer volleyball "
    "cricket rugby boxing racing runner running liverpool arsenal chelsea manchester "
    "united barcelona madrid juventus milan inter bayern dortmund celtic rangers yankees "
    "lakers cowboys steelers packers eagles raiders patriots broncos dodgers redsox "
    "giants chicago dallas boston london paris berlin hamburg munich vienna zurich rome "
    "moscow tokyo newyork texas florida california arizona denver england scotland "
    "ireland wales france germany deutschland spain italy italia portugal poland russia "
    "ukraine sweden canada america american mexico brazil brasil argentina australia "
    "japan china india turkey summer winter spring autumn fall sommer herbst monday "
    "tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december michael michelle jennifer "
    "jessica ashley amanda nicole daniel thomas andrew joshua matthew anthony robert "
    "william david james john richard charles joseph george kevin brian steven jason "
    "justin ryan brandon jordan austin tyler hunter taylor morgan dakota charlie maggie "
    "buster bailey harley max maximus lucky rocky oliver jack jackson jasper alexander "
    "alexandra alex andrea andreas anna annie barbara benjamin christian christine "
    "christopher claudia daniela eric frank hannah heather helen isabella jasmine julia "
    "julian karen katie laura lauren linda lisa marco maria marie marina mario martin "
    "martina melissa melanie natalie natasha nathan nicholas patrick paul peter philip "
    "rachel rebecca samantha samuel sandra sarah scott sebastian simon sophie stefan "
    "stephanie susan thunder tom tony vanessa veronica victoria victor vincent walter "
    "wilson zachary superman batman spiderman ironman starwars startrek skywalker vader "
    "yoda matrix pokemon pikachu naruto goku dragonball zelda nintendo playstation xbox "
    "minecraft fortnite roblox halo warcraft counter strike cheater gamer gaming "
    "harrypotter potter hogwarts gandalf frodo legolas merlin wizard magic mystic "
    "phoenix samurai ninja warrior knight killer hitman sniper gunner soldier marine "
    "army navy police ranger scorpion viper cobra python raptor predator rockstar "
    "rocknroll metallica nirvana slipknot greenday blink beatles eminem tupac music "
    "musica guitar gitarre drums drummer piano bass bassist singer techno hiphop jazz "
    "blues punk metal rock roll concert festival stage backstage speaker speakers mixer "
    "microphone amplifier audio sound light lighting cable stereo volume studio freedom "
    "liberty peace heaven hell jesus christ jesuschrist god godisgood blessed blessing "
    "faith hope grace amen devil satan lucifer demon ghost monster zombie vampire "
    "werewolf money cash dollar rich gold golden silver diamond platinum crystal ruby "
    "pearl jewel bitcoin crypto flower flowers rose rosebud daisy lily tulip garden "
    "summertime rainbow butterfly sunflower sunrise sunset moon star stars starlight "
    "moonlight sky blue green yellow purple pink black white red brown grey happy smile "
    "smiley laughing friend friends friendship family mother father mommy daddy mama "
    "papa brother sister whatever nothing something anything nobody somebody blahblah "
    "hello hallo hola bonjour ciao goodbye bye fuckyou fuckoff fuck shit bitch asshole "
    "bastard pussy cunt dick sexy sex hottie hot cool awesome porsche ferrari mercedes "
    "bmw audi volkswagen toyota honda corvette camaro chevy ford harleydavidson yamaha "
    "kawasaki suzuki ducati jeep truck maverick cowboy jordan23 michael1 trustno1 "
    "passw0rd abc123 password1 qwerty123 1q2w3e4r 1q2w3e 1qaz2wsx 1qaz 2wsx 3edc 4rfv "
    "zaq12wsx zaq1 q1w2e3r4 q1w2e3 a1b2c3 aa123456 123qwe 123abc 123321 112233 121212 "
    "123123 696969 159753 147258369 147852 789456 456789 987654 654321 102030 010203 "
    "007007 31415926 271828 246810 13579 1357 2468 1984 2000 correcthorsebatterystaple "
    "opensesame sesame abracadabra hocuspocus thequickbrownfox iamtheking ihateyou "
    "idontknow dontforget remember mypassword thepassword newpassword oldpassword "
    "ourpassword yourpassword nopassword secretpassword the this that and your our new "
    "old please here there now what who let you not very only one two three four five";

constexpr std::size_t words_count = std::ranges::count(text, ' ') + 1;

consteval std::array<std::string_view, words_count> split() {
    std::array<std::string_view, words_count> words{};
    std::size_t begin = 0;
    for (std::string_view& word : words) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        word = text.substr(begin, end - begin);
        begin = end + 1;
    }
    return words;
}

constexpr std::array words = split();

} // namespace

std::span<const std::string_view> common_passwords() {
    return words;
}

} // namespace backline::security
