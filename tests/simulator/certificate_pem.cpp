#include "tests/simulator/certificate_pem.h"

#include <array>
#include <ctime>
#include <memory>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

template <auto kFree>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        kFree(object);
    }
};

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using X509Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using X509Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using Chain = std::vector<X509Certificate>;

constexpr std::chrono::hours kValidity{90 * 24};

Bio reading(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Instead of OpenSSL's own, which asks on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*unused*/) {
    return 0;
}

/// Empty unless all of it is certificates.
Chain parse_chain(const std::string& text) {
    const Bio bio = reading(text);
    Chain chain;
    while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
        chain.emplace_back(next);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end) chain.clear();
    return chain;
}

bool in_order(const Chain& chain) {
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (X509_check_issued(chain[i].get(), chain[i - 1].get()) != X509_V_OK) return false;
    }
    return true;
}

Time time_of(const ASN1_TIME* time) {
    std::tm parts{};
    ASN1_TIME_to_tm(time, &parts);
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

std::string text_of(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::vector<std::string> domain_names(const X509* certificate) {
    std::vector<std::string> found;
    const Names names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) found.push_back(text_of(name->d.dNSName));
    }
    if (!found.empty()) return found;
    X509_NAME* const subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0)
        found.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
    return found;
}

std::string fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    X509_digest(certificate, EVP_sha1(), digest.data(), &size);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ":"));
}

void require(bool success) {
    if (success) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL cannot make a certificate");
}

void name_all(X509* certificate, const std::vector<std::string>& domain_names) {
    X509_NAME* const subject = X509_get_subject_name(certificate);
    // A common name has at most 64 characters; the alternative names are what counts.
    const std::string common = domain_names.front().substr(0, 64);
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(common.c_str()), -1,
                                       -1, 0) == 1);
    require(X509_set_issuer_name(certificate, subject) == 1);
    const std::string alternatives = fmt::format("DNS:{}", fmt::join(domain_names, ",DNS:"));
    const X509Extension extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), certificate) == 1);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<CertificateFacts> parse_certificate(const std::string& text) {
    const Chain chain = parse_chain(text);
    if (chain.empty() || !in_order(chain)) return std::nullopt;
    const X509* const first = chain.front().get();
    return CertificateFacts{time_of(X509_get0_notBefore(first)), time_of(X509_get0_notAfter(first)),
                            domain_names(first), fingerprint(first)};
}

bool key_fits(const std::string& text, const std::string& private_key) {
    const Chain chain = parse_chain(text);
    const Bio bio = reading(private_key);
    const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    const bool fits =
        !chain.empty() && key && X509_check_private_key(chain.front().get(), key.get()) == 1;
    ERR_clear_error();
    return fits;
}

std::string issue_certificate(const std::vector<std::string>& domain_names, Time from) {
    const Key key(EVP_EC_gen("P-256"));
    const X509Certificate certificate(X509_new());
    require(key && certificate);
    X509* const raw = certificate.get();
    std::int64_t serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    X509_set_version(raw, X509_VERSION_3);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(raw), serial & INT64_MAX);
    ASN1_TIME_set(X509_getm_notBefore(raw), std::chrono::system_clock::to_time_t(from));
    ASN1_TIME_set(X509_getm_notAfter(raw), std::chrono::system_clock::to_time_t(from + kValidity));
    name_all(raw, domain_names);
    require(X509_set_pubkey(raw, key.get()) == 1);
    require(X509_sign(raw, key.get(), EVP_sha256()) != 0);
    return pem(raw);
}

}  // namespace hcloud::sim
