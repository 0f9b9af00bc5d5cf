// A certificate and key for tests, valid until 2126: made with openssl, used nowhere else.
#pragma once

namespace hcloud::sim::test {

// For example.com and www.example.com, issued by kCa.
inline const char* const kLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBhDCCASqgAwIBAgIBBzAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdUZXN0IENB\n"
    "MCAXDTI2MTEyNDE1NDc0OVoYDzIxMjYxMDMxMTU0NzQ5WjAWMRQwEgYDVQQDDAtl\n"
    "eGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIgaTU4QZ+Gj4lIH\n"
    "iU0hakn1RBFEoYzBi9oSv05WDS3yn7gvo959v1CIPs2Jh/7KnwLRpGzrxPrWYV+F\n"
    "pZRJLhejazBpMCcGA1UdEQQgMB6CC2V4YW1wbGUuY29tgg93d3cuZXhhbXBsZS5j\n"
    "b20wHQYDVR0OBBYEFAoAp+1euUQH68bPp18t+LU9i9WyMB8GA1UdIwQYMBaAFEsd\n"
    "X5JLomnMteO7kFMo5Tk5Hv8FMAoGCCqGSM49BAMCA0gAMEUCIQC9NM1k9we/OQ5V\n"
    "T0zVQiP546qA/jmNwKPqF5y03lLbjAIgY+DKED6bYlUm7xSbvD8Fs+OP3YqLdAhi\n"
    "qGBBTZKeuNI=\n"
    "-----END CERTIFICATE-----\n";
inline const char* const kLeafFingerprint =
    "3a:ba:77:95:4e:96:19:e7:31:9e:09:13:c2:c2:58:c1:23:37:62:b5";
inline const char* const kLeafKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0LVX9I+fNUlmO9rt\n"
    "82ocJnpLsXB/x8mAxigY+nw8ViihRANCAASIGk1OEGfho+JSB4lNIWpJ9UQRRKGM\n"
    "wYvaEr9OVg0t8p+4L6Pefb9QiD7NiYf+yp8C0aRs68T61mFfhaWUSS4X\n"
    "-----END PRIVATE KEY-----\n";
// The same with a passphrase.
inline const char* const kLockedKey =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjCbMc84EwNjQICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOAlXgfbxJhuqG19XWEkpawEgZD0\n"
    "aoae+yqQGcW3qSw8JgP0Blj5HHNB0vQXoR4djlYdxI8IWHoPKFTQRGTUBiF3Ad2l\n"
    "oLEoQVnBV+xCQZk6/N/2j2uibyk4nJ8iZ7JwpCcaNHYGz4Aj5v72IZGQhHuIRy0D\n"
    "t8v8sTgcQ4WZXmcKbqEo4bU2Iokkg2vmd/EXjc0YB3+SucEutO8uHCb9CU3Yw2k=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";
inline const char* const kCa =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBezCCASGgAwIBAgIUXK1TlRNoS84R+1YTqpWoJQyccFQwCgYIKoZIzj0EAwIw\n"
    "EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjQxNTQ3NDlaGA8yMTI2MTAzMTE1\n"
    "NDc0OVowEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
    "A0IABJOuEA2Mj1s4uPa0KtBr9cAWJ6a9vapF0IegBvBZKnYXRcKI6IslNeXGH83I\n"
    "E7Cn5FWPRh92JWvFKJU21dyrt6qjUzBRMB0GA1UdDgQWBBRLHV+SS6JpzLXju5BT\n"
    "KOU5OR7/BTAfBgNVHSMEGDAWgBRLHV+SS6JpzLXju5BTKOU5OR7/BTAPBgNVHRMB\n"
    "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDdk/Z7BFHuK6DT6wDtFR3tO7xh\n"
    "ysvJJHmZhcrHmhD5UAIgQ8aL7n9FAG5TJJan68r6Mi6gHn5J2WPJlEEf+VxO7qo=\n"
    "-----END CERTIFICATE-----\n";
// That of kCa.
inline const char* const kOtherKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPU4Gtyo+UVQDmU20\n"
    "49nebNxko4eGV5ulmRTMYx0u/6uhRANCAASTrhANjI9bOLj2tCrQa/XAFiemvb2q\n"
    "RdCHoAbwWSp2F0XCiOiLJTXlxh/NyBOwp+RVj0YfdiVrxSiVNtXcq7eq\n"
    "-----END PRIVATE KEY-----\n";
// Its common name is only.example.com.
inline const char* const kWithoutAlternatives =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBjDCCATOgAwIBAgIUdWYaPy9+oVUzlCm0Abd3xKVqR3gwCgYIKoZIzj0EAwIw\n"
    "GzEZMBcGA1UEAwwQb25seS5leGFtcGxlLmNvbTAgFw0yNjExMjQxNTQ3NDlaGA8y\n"
    "MTI2MTAzMTE1NDc0OVowGzEZMBcGA1UEAwwQb25seS5leGFtcGxlLmNvbTBZMBMG\n"
    "ByqGSM49AgEGCCqGSM49AwEHA0IABJOuEA2Mj1s4uPa0KtBr9cAWJ6a9vapF0Ieg\n"
    "BvBZKnYXRcKI6IslNeXGH83IE7Cn5FWPRh92JWvFKJU21dyrt6qjUzBRMB0GA1Ud\n"
    "DgQWBBRLHV+SS6JpzLXju5BTKOU5OR7/BTAfBgNVHSMEGDAWgBRLHV+SS6JpzLXj\n"
    "u5BTKOU5OR7/BTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDI1\n"
    "9ro4CLkSXtjgy/rHqzFPWZUM00dw8GNfUacGtzx9AiA44An1fIOobVtgzgenpv7b\n"
    "PCbG1lZqxAfaTV7/T2Khpw==\n"
    "-----END CERTIFICATE-----\n";

}  // namespace hcloud::sim::test
