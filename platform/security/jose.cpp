#include "platform/security/jose.hpp"

#include "platform/base/invariant.hpp"

#include <rhonabwy.h>

namespace backline::security::jose {

struct Key::Vendor {
    jwk_t* jwk = nullptr;

    Vendor() { INVARIANT(r_jwk_init(&jwk) == RHN_OK, "the JOSE library has memory for a key"); }

    Vendor(const Vendor&) = delete;
    Vendor& operator=(const Vendor&) = delete;

    ~Vendor() { r_jwk_free(jwk); }
};

namespace {

struct FreeText {
    void operator()(char* text) const { r_free(text); }
};

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};

struct FreeJws {
    void operator()(jws_t* jws) const { r_jws_free(jws); }
};

using OwnedText = std::unique_ptr<char, FreeText>;
using OwnedJson = std::unique_ptr<json_t, FreeJson>;
using OwnedJws = std::unique_ptr<jws_t, FreeJws>;

OwnedJws new_jws() {
    jws_t* jws = nullptr;
    INVARIANT(r_jws_init(&jws) == RHN_OK, "the JOSE library has memory for a signature");
    return OwnedJws(jws);
}

std::string taken(char* text) {
    const OwnedText owned(text);
    INVARIANT(owned != nullptr, "the JOSE library can print what it holds");
    return owned.get();
}

bool has(const json_t* jwk, const char* member, const char* value) {
    const char* const text = json_string_value(json_object_get(jwk, member));
    return text != nullptr && std::string_view(text) == value;
}

/// The library would also import other curves, and Ed25519 keys of any length.
bool is_ed25519(const json_t* jwk) {
    if (!json_is_object(jwk)) return false;
    if (!has(jwk, "kty", "OKP") || !has(jwk, "crv", "Ed25519")) return false;
    const json_t* const secret = json_object_get(jwk, "d");
    if (secret != nullptr && json_string_length(secret) != 43) return false;
    return json_string_length(json_object_get(jwk, "x")) == 43;
}

std::optional<Key> import(json_t* json) {
    if (!is_ed25519(json)) return std::nullopt;
    auto vendor = std::make_shared<Key::Vendor>();
    if (r_jwk_import_from_json_t(vendor->jwk, json) != RHN_OK) return std::nullopt;
    return Key(std::move(vendor));
}

OwnedJson described(const Key& key) {
    OwnedJson json(r_jwk_export_to_json_t(key.vendor().jwk));
    json_object_set_new(json.get(), "kid", json_string(key.thumbprint().c_str()));
    json_object_set_new(json.get(), "alg", json_string("EdDSA"));
    json_object_set_new(json.get(), "use", json_string("sig"));
    return json;
}

std::string printed(const json_t* json) {
    return taken(json_dumps(json, JSON_COMPACT));
}

} // namespace

std::optional<Key> Key::from_json(const std::string& json) {
    const OwnedJson parsed(json_loadb(json.data(), json.size(), JSON_REJECT_DUPLICATES, nullptr));
    return import(parsed.get());
}

bool Key::is_private() const {
    return json_object_get(vendor_->jwk, "d") != nullptr;
}

Key Key::public_half() const {
    auto half = std::make_shared<Vendor>();
    const int failed = r_jwk_extract_pubkey(vendor_->jwk, half->jwk, R_FLAG_IGNORE_REMOTE);
    INVARIANT(failed == RHN_OK, "an Ed25519 key has a public half");
    return Key(std::move(half));
}

std::string Key::thumbprint() const {
    return taken(r_jwk_thumbprint(vendor_->jwk, R_JWK_THUMB_SHA256, R_FLAG_IGNORE_REMOTE));
}

std::string Key::to_json() const {
    return printed(described(*this).get());
}

std::string to_key_set(const std::vector<Key>& keys) {
    const OwnedJson array(json_array());
    for (const Key& key : keys) json_array_append_new(array.get(), described(key).release());
    const OwnedJson set(json_pack("{s:O}", "keys", array.get()));
    return printed(set.get());
}

std::optional<std::vector<Key>> from_key_set(const std::string& json) {
    const OwnedJson parsed(json_loadb(json.data(), json.size(), JSON_REJECT_DUPLICATES, nullptr));
    const json_t* const array = json_object_get(parsed.get(), "keys");
    if (!json_is_array(array)) return std::nullopt;
    std::vector<Key> keys;
    for (std::size_t at = 0; at < json_array_size(array); ++at) {
        std::optional<Key> key = import(json_array_get(array, at));
        if (!key) return std::nullopt;
        keys.push_back(std::move(*key));
    }
    return keys;
}

std::string sign(const Key& key, std::string_view type, std::string_view payload) {
    const OwnedJws jws = new_jws();
    r_jws_set_alg(jws.get(), R_JWA_ALG_EDDSA);
    r_jws_set_header_str_value(jws.get(), "typ", std::string(type).c_str());
    r_jws_set_header_str_value(jws.get(), "kid", key.thumbprint().c_str());
    r_jws_set_payload(
        jws.get(), reinterpret_cast<const unsigned char*>(payload.data()), payload.size()
    );
    return taken(r_jws_serialize(jws.get(), key.vendor().jwk, R_FLAG_IGNORE_REMOTE));
}

bool signature_holds(const Key& key, std::string_view token) {
    const OwnedJws jws = new_jws();
    const int unread = r_jws_advanced_compact_parsen(
        jws.get(), token.data(), token.size(), R_PARSE_NONE, R_FLAG_IGNORE_REMOTE
    );
    if (unread != RHN_OK || r_jws_get_alg(jws.get()) != R_JWA_ALG_EDDSA) return false;
    return r_jws_verify_signature(jws.get(), key.vendor().jwk, R_FLAG_IGNORE_REMOTE) == RHN_OK;
}

} // namespace backline::security::jose
